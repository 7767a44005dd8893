import { expect, test } from "vitest";
import type { ProfileKind } from "../../../src/evidence/manifest.ts";
import { analyzed, drawn } from "./profiled.ts";

const OPTIONS = { sampleTypes: ["contentions/count", "delay/nanoseconds"] } as const;

/** One profile a number; each text is drawn with that many nanoseconds per operation. */
function waits(
  text: (ns: number) => string,
  { base, head }: { readonly base: readonly number[]; readonly head: readonly number[] },
  options: { readonly kind?: ProfileKind; readonly headWallNs?: number } = {},
) {
  const { kind = "mutex", headWallNs = 1e9 } = options;
  const runs = (side: "base" | "head", values: readonly number[]) =>
    values.map((ns, run) => {
      const record = { wallNs: side === "head" ? headWallNs : 1e9 };
      return drawn({ side, run, kind, text: text(ns), options: OPTIONS, record });
    });
  return analyzed([...runs("base", base), ...runs("head", head)]).findings.flatMap((at) =>
    at.kind === "wait" ? [at] : [],
  );
}

const unlock = (ns: number) => `
  #                     1/${ns * 1e6}
  sync.(*Mutex).Unlock:9
  m.(*Cache).put:30
  m.Bench.func1:5
  testing.(*B).RunParallel.func1:8
`;

test("a lock that is waited for longer, by the function that holds it", () => {
  const found = waits(unlock, { base: [100, 110, 95, 105], head: [300, 320, 290, 310] });
  expect(found).toEqual([
    {
      kind: "wait",
      benchmark: { cell: "default", package: "example.com/m", name: "BenchmarkParse" },
      source: "mutex",
      function: "m.(*Cache).put",
      file: "file.go",
      line: 30,
      baseNs: 102.5,
      headNs: 305,
      runs: 4,
      frames: [
        { function: "sync.(*Mutex).Unlock", file: "sync/file.go", line: 9 },
        { function: "m.(*Cache).put", file: "file.go", line: 30 },
        { function: "m.Bench.func1", file: "file.go", line: 5 },
      ],
    },
  ]);
});

test("runs of both sides that overlap say nothing", () => {
  expect(waits(unlock, { base: [100, 310, 95, 105], head: [300, 320, 90, 310] })).toEqual([]);
});

test("two runs a side are too few", () => {
  expect(waits(unlock, { base: [100, 110], head: [300, 320] })).toEqual([]);
});

test("a wait of a hundredth of the operation explains nothing", () => {
  expect(waits(unlock, { base: [1, 1.1, 0.9, 1], head: [9, 8, 10, 9] })).toEqual([]);
});

test("a goroutine that idles all the time waits longer where operations are longer", () => {
  const idle = (ns: number) => `# 1/${ns * 1e6} \n runtime.chanrecv1 \n m.serve:3`;
  const sides = { base: [1000, 1010, 990, 1005], head: [1500, 1515, 1485, 1507] };
  expect(waits(idle, sides, { kind: "block", headWallNs: 1.5e9 })).toEqual([]);
});

test("package testing's own waiting is not the benchmark's", () => {
  const harness = (ns: number) => `
    #                          1/${ns * 1e6}          1/${ns * 1e6}
    sync.(*WaitGroup).Wait     runtime.chanrecv1
    testing.(*B).RunParallel   testing.(*B).doBench
    m.Bench                    testing.(*B).Run
    testing.(*B).runN          runtime.main
  `;
  const sides = { base: [100, 110, 95, 105], head: [300, 320, 290, 310] };
  expect(waits(harness, sides, { kind: "trace-sync" })).toEqual([]);
});
