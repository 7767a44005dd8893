import fc from "fast-check";
import { expect, test } from "vitest";
import {
  benchmarkSamples,
  benchmarkStacks,
} from "../../../src/analyze/profile/benchmark-stacks.ts";
import { decodePacked, unpacked } from "../../../src/pprof/decode.ts";
import { encodeProfile } from "../../../src/pprof/encode.ts";
import type { Profile, ProfileSample } from "../../../src/pprof/profile.ts";
import { stacksIn } from "../../../src/pprof/stack-table.ts";
import { stacksOf } from "../../../src/pprof/stacks.ts";

const HARNESS = "testing.(*B).runN testing.(*B).run1.func1 runtime.goexit";
const LOOP = [{ key: "part", value: "loop", unit: "" }];

/** A sample of the stack, names leaf first. */
function sample(stack: string, labels: ProfileSample["labels"] = []): ProfileSample {
  const names = stack === "" ? [] : stack.split(" ");
  const frames = names.map((name) => ({
    function: { name, file: "f.go", startLine: 1 },
    line: 1,
    inlined: false,
  }));
  return { frames, values: [1], labels };
}

function profileOf(samples: readonly ProfileSample[]): Profile {
  return {
    sampleTypes: [{ type: "samples", unit: "count" }],
    samples,
    period: 4_000_000,
    periodType: { type: "cpu", unit: "nanoseconds" },
    durationNs: 1e9,
  };
}

/** What is kept of the samples, each a stack of names. */
function kept(...samples: readonly ProfileSample[]): string[] {
  return benchmarkSamples(profileOf(samples)).map(({ frames }) =>
    frames.map((frame) => frame.function.name).join(" "),
  );
}

test("a stack ends at the benchmark function", () => {
  expect(kept(sample(`m.Parse m.BenchmarkParse ${HARNESS}`))).toEqual(["m.Parse m.BenchmarkParse"]);
});

test("what a benchmark does outside of its recorded loop is set-up", () => {
  const loop = sample(`m.Parse m.BenchmarkParse ${HARNESS}`, LOOP);
  const setUp = sample(`m.load m.BenchmarkParse ${HARNESS}`);
  expect(kept(loop, setUp)).toEqual(["m.Parse m.BenchmarkParse"]);
  // Nothing is marked where no loop is recorded: then set-up cannot be told apart.
  expect(kept(setUp)).toEqual(["m.load m.BenchmarkParse"]);
});

test("the collector works on the benchmark's account, marked or not", () => {
  const loop = sample(`m.Parse m.BenchmarkParse ${HARNESS}`, LOOP);
  const collector = sample(
    "runtime.scanobject runtime.gcDrain runtime.gcBgMarkWorker runtime.goexit",
  );
  expect(kept(loop, collector)).toHaveLength(2);
});

test("another label, or another value of this one, marks no loop", () => {
  const setUp = (labels: ProfileSample["labels"]) =>
    sample(`m.load m.BenchmarkParse ${HARNESS}`, labels);
  expect(kept(setUp([{ key: "part", value: "setup", unit: "" }]))).toHaveLength(1);
  expect(kept(setUp([{ key: "request", value: "loop", unit: "" }]))).toHaveLength(1);
});

test("the harness, the recorder and the program's main are nobody's cost", () => {
  expect(
    kept(
      sample(`runtime.GC testing.(*B).runN testing.(*B).run1.func1 runtime.goexit`),
      sample(`m/internal/tailguardrec.(*Loop).cut m.BenchmarkParse ${HARNESS}`),
      sample("os.ReadFile main.main runtime.main"),
      sample(`sync.(*WaitGroup).Wait testing.(*B).RunParallel m.BenchmarkParse ${HARNESS}`),
    ),
  ).toEqual([]);
});

test("each goroutine of RunParallel ends at the body that it was given", () => {
  const body = "m.Get m.BenchmarkGet.func1 testing.(*B).RunParallel.func1 runtime.goexit";
  expect(kept(sample(body, LOOP))).toEqual(["m.Get m.BenchmarkGet.func1"]);
});

test("packed samples give the stacks that samples give, without preemption and zeros", () => {
  const names = [
    "m.Parse",
    "runtime.asyncPreempt",
    "runtime.asyncPreempt2",
    "m.BenchmarkParse",
    "testing.(*B).Run",
    "testing.(*B).runN",
    "testing.(*B).RunParallel.func1",
    "testing.tRunner",
    "m/tailguardrec.Flush",
    "runtime.gcBgMarkWorker",
    "runtime.main",
  ];
  const drawn = fc.record({
    names: fc.array(fc.constantFrom(...names), { maxLength: 8 }),
    value: fc.nat(2),
    labels: fc.constantFrom([], LOOP, [{ key: "request", value: "loop", unit: "" }]),
  });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 12 }), (samples) => {
      const profile = profileOf(
        samples.map((at) => ({ ...sample(at.names.join(" "), at.labels), values: [at.value] })),
      );
      const decoded = decodePacked(encodeProfile(profile));
      if (decoded.kind === "damaged") throw new Error(decoded.problem);
      const own = { ...profile, samples: benchmarkSamples(unpacked(decoded.profile)) };
      expect(stacksIn(benchmarkStacks(decoded.profile, 0))).toEqual(stacksOf([own], 0));
    }),
    { numRuns: 300 },
  );
});
