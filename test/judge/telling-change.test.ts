import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { SyntaxChange } from "../../src/analyze/source-finding.ts";
import { judge } from "../../src/judge/judge.ts";
import { DEFAULT_POLICY } from "../../src/judge/policy.ts";
import {
  decision,
  declaration,
  exactFinding,
  measuredRecord,
  NO_WAIVERS,
  timeFinding,
} from "./findings.ts";

function change(text: string, more: Partial<SyntaxChange> = {}): SyntaxChange {
  return {
    group: "work",
    direction: "worse",
    text,
    position: { file: "parse.go", line: 20 },
    side: "head",
    ...more,
  };
}

const LOOP = change("a loop was added inside the loop");
const MAKE = change("a `make` of a slice was added", { group: "allocation" });
const STATEMENTS = change("statements: 2 added", { group: "other", direction: "neutral" });

function firstCause(findings: readonly Finding[]) {
  const benchmarks = [measuredRecord()];
  const policy = DEFAULT_POLICY;
  const outcome = { kind: "collected" } as const;
  return judge({ outcome, benchmarks, findings, noiseFloor: {}, policy, ...NO_WAIVERS }).causes[0];
}

function changed(...changes: SyntaxChange[]) {
  return declaration("Parse", { changes });
}

test("a changed function is told by what was added to it, at its line", () => {
  const cause = firstCause([
    timeFinding(0.2, { low: 0.18, high: 0.22 }),
    changed(LOOP, MAKE, STATEMENTS),
  ]);
  expect(cause?.text).toBe(
    "`Parse` changed: a loop was added inside the loop; p10-sec/op +20 % [+18 %, +22 %] in `BenchmarkParse`.",
  );
  expect(cause?.position).toEqual({ file: "parse.go", line: 20 });
  expect(cause?.chain).toContain(LOOP.text);
});

test("allocations are told by what allocates", () => {
  const cause = firstCause([exactFinding("allocs/op", 1, 2), changed(LOOP, MAKE)]);
  expect(cause?.text).toContain("`Parse` changed: a `make` of a slice was added; allocs/op +100 %");
});

test("beside a decision of the compiler the source says why it was taken", () => {
  const cause = firstCause([
    exactFinding("allocs/op", 1, 2),
    changed(MAKE),
    decision("Parse", "escape"),
  ]);
  expect(cause?.text).toContain("in `Parse`, moved to heap: buf: a `make` of a slice was added;");
  expect(cause?.chain.slice(-2)).toEqual([MAKE.text, "moved to heap: buf"]);
});

test("an improvement has its reason too, and what was removed is told of head's function", () => {
  const removed = change("a loop was removed", {
    direction: "better",
    side: "base",
    position: { file: "parse.go", line: 99 },
  });
  const cause = firstCause([timeFinding(-0.2), changed(LOOP, removed)]);
  expect(cause?.text).toContain("`Parse` changed: a loop was removed; p10-sec/op −20 %");
  expect(cause).toMatchObject({ side: "head", position: { line: 12 } });
});

test("what does not fit the direction is only what changed", () => {
  const cause = firstCause([timeFinding(-0.2), changed(LOOP, STATEMENTS)]);
  expect(cause?.text).toContain("`Parse` changed (statements: 2 added); p10-sec/op −20 %");
});

test("among changed functions the one that costs what moved comes first", () => {
  const cause = firstCause([timeFinding(0.2), declaration("A"), changed(LOOP)]);
  expect(cause?.function).toContain("Parse");
});

test("locks, goroutines and unsafe conversions have kinds of their own", () => {
  const kindOf = (group: SyntaxChange["group"]) =>
    firstCause([timeFinding(0.2), changed(change("it was added", { group }))])?.kind;
  expect([kindOf("lock"), kindOf("scheduling"), kindOf("unsafe"), kindOf("work")]).toEqual([
    "lock",
    "scheduler",
    "unsafe-pointer",
    "code",
  ]);
});
