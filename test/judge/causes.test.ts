import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import {
  decision,
  declaration,
  exactFinding,
  judged,
  PACKAGE,
  shareFinding,
  siteFinding,
  stackFinding,
  timeFinding,
  waitFinding,
} from "./findings.ts";

/** The functions named, most certain first. */
function check(findings: readonly Finding[], expected: readonly string[]) {
  const { causes } = judged(findings);
  expect(causes.map((cause) => cause.function.replace(`${PACKAGE}.`, ""))).toEqual(expected);
  return causes;
}

describe("the function that is named first", () => {
  test("what was measured comes before what only may be", () => {
    const [table, step] = [`${PACKAGE}.grTransitions`, `${PACKAGE}.step`];
    const causes = check(
      [
        timeFinding(0.26),
        declaration("grTransitions", { change: "added" }),
        decision("grTransitions", "inlining"),
        declaration("step"),
        stackFinding([table, step]),
        shareFinding(step, 0, 0.1),
      ],
      ["step", "grTransitions"],
    );
    expect(causes.map(({ share }) => share === undefined)).toEqual([false, true]);
  });

  test.each([
    ["not known", [], "p10 +26 % in 1 of 1: Parse — step changed, share not known"],
    [
      "measured",
      [shareFinding(`${PACKAGE}.step`, 0, 0.2)],
      "p10 +26 % in 1 of 1: Parse — step changed",
    ],
  ])("a share that is %s is told in the title", (_what, more, title) => {
    expect(judged([timeFinding(0.26), declaration("step"), ...more]).title).toBe(title);
  });

  test("a new escape explains no time where every run allocates as often as before", () => {
    const flips = [declaration("Format"), decision("Format", "escape"), declaration("Parse")];
    const parse = shareFinding(`${PACKAGE}.Parse`, 0, 0.1);
    const steady = check(
      [timeFinding(0.26), exactFinding("allocs/op", 3, 3), parse, ...flips],
      ["Parse", "Format"],
    );
    expect(steady.map(({ kind }) => kind)).toEqual(["code", "code"]);
    const unknown = check([timeFinding(0.26), ...flips], ["Format", "Parse"]);
    expect(unknown[0]?.kind).toBe("escape");
  });

  test("what allocates in source is no allocation where the count says so", () => {
    const pool = {
      group: "allocation",
      direction: "worse",
      text: "an object from a pool was removed",
      position: { file: "stack.go", line: 30 },
      side: "head",
    } as const;
    const taken = [
      timeFinding(0.26),
      declaration("take", { changes: [pool] }),
      shareFinding(`${PACKAGE}.take`, 0, 0.2),
      stackFinding(["runtime.mallocgc", `${PACKAGE}.take`, `${PACKAGE}.BenchmarkParse`]),
    ];
    const as = (...memory: readonly Finding[]) => judged([...taken, ...memory]);
    expect(as().causes[0]?.kind).toBe("allocation");
    const steady = as(exactFinding("allocs/op", 2, 2), exactFinding("B/op", 64, 64));
    expect(steady.causes[0]?.kind).toBe("code");
    expect(steady.title).toBe("p10 +26 % in 1 of 1: Parse — take changed");
    const larger = as(exactFinding("allocs/op", 2, 2), exactFinding("B/op", 64, 640));
    expect(larger.causes.at(-1)?.kind).toBe("allocation");
  });

  test("a new escape explains an allocation better than a changed body", () => {
    const causes = check(
      [
        exactFinding("allocs/op", 1, 2),
        declaration("Format"),
        declaration("Parse"),
        decision("Parse", "escape"),
      ],
      ["Parse", "Format"],
    );
    expect(causes[0]?.kind).toBe("escape");
    expect(causes[0]?.text).toBe(
      "in `Parse`, moved to heap: buf; allocs/op +100 % in `BenchmarkParse`.",
    );
  });

  test("an escape that every run's count confirms comes before what changed for it", () => {
    // The flip is in the caller, whose text is as it was; what was edited is what it calls.
    const BOXED = {
      group: "allocation",
      direction: "worse",
      text: "a value is boxed",
      position: { file: "journal.go", line: 93 },
      side: "head",
    } as const;
    const [source, caller] = [`${PACKAGE}.readAmount`, `${PACKAGE}.ParseLine`];
    const causes = check(
      [
        timeFinding(0.26),
        exactFinding("allocs/op", 1, 2),
        declaration("readAmount", { changes: [BOXED] }),
        decision("readAmount", "inlining", { direction: "better" }),
        decision("ParseLine", "escape"),
        stackFinding(["runtime.mallocgc", source, caller]),
      ],
      ["ParseLine", "ParseLine", "readAmount", "readAmount"],
    );
    expect(causes[0]?.kind).toBe("escape");
  });

  test("a lost inlining explains time, in the function the profile shows", () => {
    const skip = `${PACKAGE}.(*Parser).skip`;
    const causes = check(
      [
        timeFinding(0.26),
        declaration("(*Parser).skip"),
        declaration("unrelated"),
        decision("(*Parser).skip", "inlining", {
          head: "function too complex: cost 82 exceeds budget 80",
        }),
        stackFinding(["runtime.memmove", skip, `${PACKAGE}.Parse`, `${PACKAGE}.BenchmarkParse`]),
        shareFinding(skip, 0, 0.3),
      ],
      ["(*Parser).skip"],
    );
    expect(causes[0]).toMatchObject({ kind: "inlining", proof: "profile" });
    // What skip calls says nothing of why skip is no longer inlined.
    expect(causes[0]?.chain).toEqual([
      "p10-sec/op of BenchmarkParse +26 %",
      `${PACKAGE}.BenchmarkParse`,
      `${PACKAGE}.Parse`,
      skip,
      "function too complex: cost 82 exceeds budget 80",
    ]);
  });

  test("among changed functions the one nearest to the cost comes first", () => {
    check(
      [
        timeFinding(0.2),
        declaration("outer"),
        declaration("inner"),
        stackFinding([`${PACKAGE}.inner`, `${PACKAGE}.outer`]),
      ],
      ["inner", "outer"],
    );
  });

  test("a lost escape explains an improvement, not a regression", () => {
    const better = decision("Parse", "escape", {
      direction: "better",
      base: "moved to heap: buf",
      head: "",
    });
    const [cause] = check(
      [exactFinding("allocs/op", 2, 1), declaration("Parse"), better],
      ["Parse"],
    );
    expect(cause?.kind).toBe("escape");
    const [other] = check(
      [exactFinding("allocs/op", 1, 2), declaration("Parse"), better],
      ["Parse"],
    );
    expect(other?.kind).toBe("allocation");
  });

  test("a changed test is no cause", () => {
    const inTest = declaration("helper", { head: { file: "parse_test.go", line: 3 } });
    const [cause] = check([timeFinding(0.2), inTest], [""]);
    expect(cause?.kind).toBe("unknown");
  });

  test("a changed type explains nothing by itself", () => {
    const [cause] = check([timeFinding(0.2), declaration("Config", { declaration: "type" })], [""]);
    expect(cause?.text).toContain("Unexplained");
  });
});

test("metrics that did not move have no cause", () => {
  check([timeFinding(0.001, { p: 0.9, bound: 0.02 }), declaration("Parse")], []);
});

describe("what an allocation profile adds", () => {
  const grow = `${PACKAGE}.(*Buffer).grow`;
  const parse = `${PACKAGE}.Parse`;

  test("the line, the number of objects and the part of the change", () => {
    const [cause] = check(
      [exactFinding("allocs/op", 1, 2), declaration("Parse"), siteFinding([parse])],
      ["Parse"],
    );
    expect(cause).toMatchObject({
      kind: "allocation",
      position: { file: "buffer.go", line: 33 },
      share: 1,
      proof: "profile",
      text: "`Parse` changed; it allocates 48 B more in 1 object more an operation; allocs/op +100 % in `BenchmarkParse`.",
    });
  });

  test("of two that changed, the one on the way to the line comes first", () => {
    const [cause] = check(
      [
        exactFinding("B/op", 64, 112),
        declaration("Format"),
        declaration("Parse"),
        siteFinding([grow, parse]),
      ],
      ["Parse"],
    );
    expect(cause?.position).toEqual({ file: "parse.go", line: 12 });
  });

  test("a closure's line is its function's", () => {
    check(
      [exactFinding("B/op", 64, 112), declaration("Parse"), siteFinding([`${parse}.func1`])],
      ["Parse"],
    );
  });

  test("a site that allocates less explains no growth", () => {
    const less = siteFinding([grow], { headBytes: 16, headObjects: 0 });
    const [cause] = check([exactFinding("B/op", 64, 112), less], [""]);
    expect(cause?.kind).toBe("unknown");
  });

  test("without any change the line is named, and that nothing changed", () => {
    const [cause] = check([exactFinding("B/op", 64, 112), siteFinding([grow])], ["(*Buffer).grow"]);
    expect(cause?.text).toBe(
      "`example.com/m.(*Buffer).grow` allocates 48 B more in 1 object more an operation, and neither it nor what leads there changed; B/op +75 % in `BenchmarkParse`.",
    );
  });
});

describe("what profiles of waiting add", () => {
  const put = `${PACKAGE}.(*Cache).put`;

  test("a changed function that waits longer", () => {
    const [cause] = check(
      [timeFinding(0.5), declaration("(*Cache).put"), declaration("other"), waitFinding([put])],
      ["(*Cache).put"],
    );
    expect(cause).toMatchObject({ kind: "wait", proof: "profile" });
  });

  test("one that stands at a lock", () => {
    const at = waitFinding(["sync.(*Mutex).Lock", put], { function: put });
    expect(check([timeFinding(0.5), at], ["(*Cache).put"])[0]).toMatchObject({
      kind: "lock",
      text: "`example.com/m.(*Cache).put` waits 1.00 µs longer an operation for locks and channels, and neither it nor what leads there changed; p10-sec/op +50 % [+50 %, +51 %] in `BenchmarkParse`.",
    });
  });

  test("waiting takes no CPU", () => {
    const findings = [timeFinding(0.5, { metric: "cpu-sec/op" }), waitFinding([put])];
    expect(check(findings, [""])[0]?.kind).toBe("unknown");
  });
});
