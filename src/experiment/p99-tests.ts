// Which test should decide that a p99 has shifted? The article's own set-up, repeated; then changes
// of the tail alone; then the same tests on runs as a machine gives them, where operations of one
// run share its luck.
//
// One seed gives every number: the tables and the pictures of docs/experiments/p99-tests.md come
// from here and nowhere else.
import { type Random, seededRandom } from "../stats/random.ts";
import { logNormals, type NoiseName, runPairs } from "./draw.ts";
import { OPERATION_TESTS, type OperationTest, operationTests } from "./operation-tests.ts";
import { RUN_TESTS, type RunTest, runTests } from "./run-tests.ts";

export type ExperimentSize = {
  readonly name: "full" | "quick";
  /** Of each scenario for tests over operations, which permute tens of thousands of them. */
  readonly repetitions: number;
  /** Of each scenario with runs for tests over pairs of runs, which take no time. */
  readonly runRepetitions: number;
  readonly permutations: number;
  /** Operations a side: for the article's question, and for the others. */
  readonly articleSizes: readonly number[];
  readonly operations: number;
  /** Logarithmic shifts of everything, and parts of the operations that become three times as slow. */
  readonly shifts: readonly number[];
  readonly slowParts: readonly number[];
  readonly noises: readonly NoiseName[];
  readonly tailEffects: readonly number[];
  readonly pairs: number;
  readonly operationsPerRun: number;
};

export const FULL: ExperimentSize = {
  name: "full",
  repetitions: 200,
  runRepetitions: 2000,
  permutations: 99,
  articleSizes: [200, 500, 700, 1000, 10_000],
  operations: 10_000,
  shifts: [0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.05, 0.1],
  slowParts: [0, 0.001, 0.002, 0.005, 0.01, 0.02],
  noises: ["independent", "clustered", "noisy"],
  tailEffects: [0, 0.1, 0.2],
  pairs: 10,
  operationsPerRun: 2000,
};

/** Seconds, with few repetitions: the tests of the program hold the document to it. */
export const QUICK: ExperimentSize = {
  ...FULL,
  name: "quick",
  repetitions: 20,
  runRepetitions: 100,
  permutations: 39,
  articleSizes: [200, 1000],
  operations: 1000,
  shifts: [0, 0.1],
  slowParts: [0, 0.02],
  noises: ["independent", "clustered"],
  tailEffects: [0, 0.2],
  operationsPerRun: 500,
};

const ALPHA = 0.05;
const SEED = 20_260_731;
/** The article's: base log-normal (3, 0.5), head (3.1, 0.5). */
const MU = 3;
const SIGMA = 0.5;
const ARTICLE_SHIFT = 0.1;
const SLOW_FACTOR = 3;

/** Part of the repetitions in which each test rejected at 5 %. */
export type Rates<T extends string> = Readonly<Record<T, number>>;

export type ExperimentResult = {
  readonly size: ExperimentSize;
  readonly article: readonly {
    readonly operations: number;
    readonly rates: Rates<OperationTest>;
  }[];
  readonly shifts: readonly { readonly shift: number; readonly rates: Rates<OperationTest> }[];
  readonly slowParts: readonly { readonly part: number; readonly rates: Rates<OperationTest> }[];
  readonly runs: readonly {
    readonly noise: NoiseName;
    readonly tailEffect: number;
    readonly rates: Rates<OperationTest | RunTest>;
  }[];
};

/** Runs all of it; `onStep` hears of each scenario before it begins. */
export function runP99Tests(
  size: ExperimentSize,
  onStep: (text: string) => void = () => {},
): ExperimentResult {
  const shifted = (random: Random, operations: number, shift: number) =>
    compareIndependent(random, operations, size, (count) =>
      logNormals(random, count, { mu: MU + shift, sigma: SIGMA }),
    );
  return {
    size,
    article: size.articleSizes.map((operations) => {
      onStep(`the article's question with ${operations} operations`);
      return { operations, rates: shifted(seededRandom(SEED), operations, ARTICLE_SHIFT) };
    }),
    shifts: size.shifts.map((shift) => {
      onStep(`everything ${(100 * Math.expm1(shift)).toFixed(1)} % slower`);
      return { shift, rates: shifted(seededRandom(SEED + 1), size.operations, shift) };
    }),
    slowParts: size.slowParts.map((part) => {
      onStep(`${100 * part} % of the operations three times as slow`);
      const random = seededRandom(SEED + 2);
      const rates = compareIndependent(random, size.operations, size, (count) =>
        withSlowPart(logNormals(random, count, { mu: MU, sigma: SIGMA }), part),
      );
      return { part, rates };
    }),
    runs: size.noises.flatMap((noise) =>
      size.tailEffects.map((tailEffect) => {
        onStep(`${noise} runs, the tail ${100 * tailEffect} % slower`);
        return { noise, tailEffect, rates: compareRuns(size, noise, tailEffect) };
      }),
    ),
  };
}

function compareIndependent(
  random: Random,
  operations: number,
  { repetitions, permutations }: ExperimentSize,
  drawHead: (count: number) => Float64Array,
): Rates<OperationTest> {
  return rejectionRates(OPERATION_TESTS, repetitions, () => {
    const base = logNormals(random, operations, { mu: MU, sigma: SIGMA });
    return operationTests(base, drawHead(operations), { random, permutations });
  });
}

/** The first operations are slow: they are in no order, and the part is exact. */
function withSlowPart(times: Float64Array, part: number): Float64Array {
  const slow = Math.round(part * times.length);
  return times.map((time, index) => (index < slow ? time * SLOW_FACTOR : time));
}

function compareRuns(
  size: ExperimentSize,
  noise: NoiseName,
  tailEffect: number,
): Rates<OperationTest | RunTest> {
  const { pairs, operationsPerRun: operations, permutations } = size;
  const shape = { noise, pairs, operations, tailEffect };
  const random = seededRandom(SEED + 3);
  const overOperations = rejectionRates(OPERATION_TESTS, size.repetitions, () => {
    const runs = runPairs(random, shape);
    const pooled = (side: "base" | "head") =>
      Float64Array.from(runs.flatMap((pair) => [...pair[side]]));
    return operationTests(pooled("base"), pooled("head"), { random, permutations });
  });
  const ofRuns = seededRandom(SEED + 4);
  const overRuns = rejectionRates(RUN_TESTS, size.runRepetitions, () =>
    runTests(runPairs(ofRuns, shape)),
  );
  return { ...overOperations, ...overRuns };
}

function rejectionRates<T extends string>(
  tests: readonly T[],
  repetitions: number,
  draw: () => Readonly<Record<T, number>>,
): Rates<T> {
  const rejected = new Map<T, number>(tests.map((test) => [test, 0]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const p = draw();
    for (const test of tests) {
      if (p[test] <= ALPHA) rejected.set(test, (rejected.get(test) ?? 0) + 1);
    }
  }
  const rates = tests.map((test) => [test, (rejected.get(test) ?? 0) / repetitions] as const);
  return Object.fromEntries(rates) as Rates<T>;
}
