import { expect, test } from "vitest";
import type { ContextFinding, ContextReading, Finding } from "../../src/analyze/finding.ts";
import { benchmarkId, declaration, exactFinding, judged, timeFinding } from "./findings.ts";

function reading(name: string, base: number, head: number, moved = true): ContextReading {
  const difference = head - base;
  const movement = !moved ? "none" : difference > 0 ? "up" : "down";
  return { name, base, head, difference, low: difference, high: difference, p: 0.001, movement };
}

function context(over: Partial<ContextFinding> = {}): ContextFinding {
  return {
    kind: "context",
    benchmark: benchmarkId(),
    mechanism: "allocation",
    direction: "more",
    pairs: 20,
    readings: [
      reading("gc-cycles/op", 0, 0.0003672),
      reading("goroutines", 8, 8, false),
      reading("gc-sec/op", 0, 4.06e-7),
      reading("B/op", 64, 2048),
    ],
    restsOn: ["gc-sec/op", "B/op"],
    ...over,
  };
}

const cpu = (change: number) => timeFinding(change, { metric: "cpu-sec/op" });

/** "kind function metric" of each cause. */
function check(findings: readonly Finding[], expected: readonly string[]) {
  const verdict = judged(findings);
  const causes = verdict.causes.map((at) => `${at.kind} ${at.function || "-"} ${at.metric}`);
  expect(causes).toEqual(expected);
  return verdict;
}

test("a mechanism is a cause in words and numbers, and takes the place of unexplained", () => {
  const { causes, title } = check([cpu(1.2), context()], ["gc - cpu-sec/op"]);
  expect(causes[0]).toMatchObject({
    proof: "measured",
    text: "More garbage: the collector runs more, beside the program, in `BenchmarkParse`.",
    chain: [
      "cpu-sec/op of BenchmarkParse +120 %",
      "gc-ns/op 0 → 406",
      "B/op 64 → 2048",
      "gc-cycles/op 0 → 0.000367",
    ],
  });
  expect(title).toBe("cpu +120 % in 1 of 1: Parse — garbage collection");
});

test("a function that changed comes first", () => {
  check(
    [cpu(1.2), context({ mechanism: "lock" }), declaration("Parse")],
    ["code example.com/m.Parse cpu-sec/op", "lock - cpu-sec/op"],
  );
});

test("counts, moves the other way, other benchmarks and plain computing have no mechanism", () => {
  check([exactFinding("B/op", 64, 2048), context()], ["unknown - B/op"]);
  check([cpu(-0.4), context()], ["unknown - cpu-sec/op"]);
  check(
    [cpu(1.2), context({ benchmark: benchmarkId("BenchmarkOther") })],
    ["unknown - cpu-sec/op"],
  );
  check([cpu(1.2), context({ mechanism: "compute" })], ["unknown - cpu-sec/op"]);
});

test("what got better is told as well", () => {
  const { causes } = check(
    [cpu(-0.4), context({ direction: "less", mechanism: "waiting" })],
    ["scheduler - cpu-sec/op"],
  );
  expect(causes[0]?.text).toBe("It waits less without a processor, in `BenchmarkParse`.");
});

test("a mechanism is no second key: it goes along and proves nothing", () => {
  expect(judged([cpu(1.2), context()]).conclusion).toBe("neutral");
});
