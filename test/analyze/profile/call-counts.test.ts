import fc from "fast-check";
import { expect, test } from "vitest";
import { type CallCounts, countCalls } from "../../../src/analyze/profile/call-counts.ts";
import { numberRuns } from "../../../src/analyze/profile/numbered-runs.ts";
import type { CpuRun } from "../../../src/analyze/profile/read-runs.ts";
import type { ProfileFrame } from "../../../src/pprof/profile.ts";
import { tableOf } from "../../../src/pprof/stack-table.ts";
import type { Stack } from "../../../src/pprof/stacks.ts";
import { drawn } from "./profiled.ts";

function frame(name: string): ProfileFrame {
  return { function: { name, file: "m/file.go", startLine: 1 }, line: 1, inlined: false };
}

function runOf(stacks: readonly Stack[]): CpuRun {
  const { record } = drawn({ side: "base", text: "# 1 \n m.F" });
  const total = stacks.reduce((sum, { value }) => sum + value, 0);
  return { record, periodNs: 1e7, stacks: tableOf(stacks), total };
}

function counted(base: readonly Stack[][], head: readonly Stack[][]) {
  const runs = numberRuns(
    { base: base.map(runOf), head: head.map(runOf) },
    (at) => at.function.name,
  );
  return { calls: countCalls(runs), keys: runs.keys };
}

/** Samples of every call as "root/…/function: base runs | head runs". */
function linesOf({ calls, keys }: { calls: CallCounts; keys: readonly string[] }): string[] {
  const lines: string[] = [];
  const walk = (node: number, path: string): void => {
    for (const child of calls.childrenOf(node)) {
      const own = `${path}/${keys[calls.functions[child] as number]}`;
      const of = (runs: readonly Float64Array[]) => runs.map((counts) => counts[child]).join(" ");
      lines.push(`${own}: ${of(calls.base)} | ${of(calls.head)}`);
      expect(calls.parents[child]).toBe(node);
      walk(child, own);
    }
  };
  walk(0, "");
  return lines.sort();
}

const RUNS = fc.array(
  fc.array(
    fc.record({
      frames: fc.array(fc.constantFrom(..."abcd").map(frame), { minLength: 1, maxLength: 6 }),
      value: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 12 },
  ),
  { minLength: 1, maxLength: 3 },
);

test("every call has the samples at and below it, run by run", () => {
  fc.assert(
    fc.property(RUNS, RUNS, (base, head) => {
      const paths = new Map<string, { base: number[]; head: number[] }>();
      for (const [side, runs] of Object.entries({ base, head })) {
        for (const [run, { frames, value }] of runs.flatMap((own, at) =>
          own.map((stack) => [at, stack] as const),
        )) {
          let path = "";
          for (const { function: called } of frames.toReversed()) {
            path += `/${called.name}`;
            const zeros = { base: base.map(() => 0), head: head.map(() => 0) };
            const counts = paths.get(path) ?? zeros;
            paths.set(path, counts);
            const own = counts[side as "base" | "head"];
            own[run] = (own[run] ?? 0) + value;
          }
        }
      }
      const expected = [...paths].map(
        ([path, counts]) => `${path}: ${counts.base.join(" ")} | ${counts.head.join(" ")}`,
      );
      expect(linesOf(counted(base, head))).toEqual(expected.sort());
    }),
  );
});

test("more calls than the limit end at their callers", () => {
  const root = frame("root");
  const wide = Array.from({ length: 250_000 }, (_, at): Stack => {
    return { frames: [frame(`f${at}`), root], value: 1 };
  });
  const { calls } = counted([wide], [[{ frames: [root], value: 5 }]]);
  expect(calls.size).toBe(200_000);
  expect([calls.base[0]?.[1], calls.head[0]?.[1]]).toEqual([250_000, 5]);
});
