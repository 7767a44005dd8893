import fc from "fast-check";
import { expect, test } from "vitest";
import type { BenchmarkResult } from "../../src/bench/parse.ts";
import {
  endedAtCap,
  interestOf,
  startWatch,
  suspectOf,
  type Watch,
  type WatchRule,
  watchPair,
  watchState,
} from "../../src/collect/watch.ts";
import { nextFloat, seededRandom } from "../../src/stats/random.ts";

const RULE: WatchRule = { familySize: 1, familyAlpha: 0.025, cap: 50 };

type Seconds = { readonly p10: number; readonly cpu?: number; readonly p99?: number };

function run(seconds: Seconds): BenchmarkResult[] {
  const values = [
    { unit: "p10-sec/op", value: seconds.p10 },
    ...(seconds.cpu === undefined ? [] : [{ unit: "cpu-sec/op", value: seconds.cpu }]),
    ...(seconds.p99 === undefined ? [] : [{ unit: "p99-sec/op", value: seconds.p99 }]),
  ];
  return [{ name: "BenchmarkParse", iterations: 1000, values }];
}

/** The watch after pairs of a base that always takes 1 s against these heads. */
function after(heads: readonly Seconds[]): Watch {
  return heads.reduce<Watch>(
    (watch, head) => watchPair(watch, run({ p10: 1, cpu: 1, p99: 1 }), run(head)),
    startWatch(),
  );
}

const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Goes up and down around 1: nothing settles as the same, and nothing looks changed. */
const noisy = (index: number) => [1.4, 1 / 1.3, 1.1, 1 / 1.4, 1.25, 1 / 1.2][index % 6] ?? 1;

test("nothing is settled before the first pair", () => {
  expect(watchState(startWatch(), RULE)).toBe("typical-open");
  expect(suspectOf(startWatch(), RULE)).toBeUndefined();
});

test("a typical time that does not move is settled after five pairs", () => {
  const heads = repeat(5, () => ({ p10: 1.0001 }));
  expect(watchState(after(heads.slice(1)), RULE)).toBe("typical-open");
  expect(watchState(after(heads), RULE)).toBe("done");
});

test("noisy CPU time is waited for up to twenty pairs, not to the cap", () => {
  const heads = (count: number) => repeat(count, (at) => ({ p10: 1, cpu: noisy(at) }));
  expect(watchState(after(heads(19)), RULE)).toBe("others-open");
  expect(watchState(after(heads(20)), RULE)).toBe("done");
  expect(endedAtCap(after(heads(20)), RULE)).toBe(false);
});

test("a tail that looks slower is measured on beyond twenty pairs", () => {
  // Three of four pairs slower: not enough for a family of ten thousand.
  const tail = repeat(20, (at) => ({ p10: 1, p99: [1.5, 1.3, 0.8, 1.2][at % 4] ?? 1 }));
  expect(watchState(after(tail), { ...RULE, familySize: 10_000 })).toBe("others-open");
  expect(suspectOf(after(tail), RULE)).toBe("slower");
});

test("a change of the tail alone makes a suspect and ends the measuring", () => {
  const watch = after(repeat(20, () => ({ p10: 1, cpu: 1, p99: 1.5 })));
  expect(watchState(watch, RULE)).toBe("done");
  expect(suspectOf(watch, RULE)).toBe("slower");
});

test("slower in one metric counts before faster in another", () => {
  const watch = after(repeat(20, () => ({ p10: 0.5, cpu: 1.5 })));
  expect(suspectOf(watch, RULE)).toBe("slower");
});

test("an improvement does not end the watch over what may have got worse", () => {
  const watch = after(repeat(19, (at) => ({ p10: 0.5, cpu: noisy(at) })));
  expect(watchState(watch, RULE)).toBe("others-open");
});

test("the cap ends everything", () => {
  const watch = after(repeat(50, (at) => ({ p10: noisy(at), cpu: noisy(at) })));
  expect(watchState(watch, RULE)).toBe("done");
  expect(endedAtCap(watch, RULE)).toBe(true);
});

test("a process that a metric cannot be read from adds nothing to it", () => {
  fc.assert(
    fc.property(fc.constantFrom(0, -1, Number.MAX_VALUE * 2), (p10) => {
      const { typical } = watchPair(startWatch(), run({ p10 }), run({ p10: 1 }));
      expect(typical.logRatios).toEqual([]);
    }),
  );
});

test("identical sides are hardly ever suspects, however noisy", () => {
  const random = seededRandom(7);
  const noise = (size: number) => Math.exp(size * (nextFloat(random) - nextFloat(random)));
  const draw = () => run({ p10: noise(0.05), cpu: noise(1) });
  let suspects = 0;
  for (let trial = 0; trial < 300; trial++) {
    let watch = startWatch();
    while (watchState(watch, RULE) !== "done") watch = watchPair(watch, draw(), draw());
    if (suspectOf(watch, RULE) !== undefined) suspects++;
  }
  // Two metrics at 5 % each, looked at once at the end and, beyond twenty pairs, once per pair.
  expect(suspects).toBeLessThan(45);
});

const withAllocs = (count: number) => [
  {
    name: "BenchmarkParse",
    iterations: 1000,
    values: [
      { unit: "p10-sec/op", value: 1 },
      { unit: "allocs/op", value: count },
    ],
  },
];

/** Interest after pairs that printed these allocations on head, and 2 on base. */
function interestAfter(heads: readonly number[]) {
  const watch = heads.reduce(
    (at, count) => watchPair(at, withAllocs(2), withAllocs(count)),
    startWatch(),
  );
  return interestOf(watch, RULE);
}

test("pairs to prove a clear change grow with the logarithm of the family", () => {
  const moved = after([{ p10: 1.1 }]);
  const pairs = (familySize: number) => interestOf(moved, { ...RULE, familySize }).pairs;
  expect([10, 40, 200].map(pairs)).toEqual([11, 13, 15]);
});

test("five pairs may tell that one which does not look moved did not", () => {
  expect(interestOf(after([{ p10: 1.01 }]), RULE).pairs).toBe(4);
  expect(interestOf(after(Array(9).fill({ p10: 1.01 })), RULE).pairs).toBe(1);
});

test("what was never looked at takes one look, after what seems to have moved", () => {
  const unseen = interestOf(startWatch(), RULE);
  expect(unseen).toEqual({ effect: 1, pairs: 1 });
  expect(interestOf(after([{ p10: 1.05 }]), RULE).effect).toBeGreaterThan(unseen.effect);
  expect(interestOf(after([{ p10: 1.01 }]), RULE).effect).toBeLessThan(unseen.effect);
});

test("a count that differs is looked at until it is exact, before everything else", () => {
  expect(interestAfter([3])).toEqual({ effect: Number.POSITIVE_INFINITY, pairs: 5 });
  expect(interestAfter([3, 3, 3, 3, 3])).toEqual({ effect: Number.POSITIVE_INFINITY, pairs: 1 });
  expect(interestAfter([3, 3, 3, 3, 3, 3]).effect).toBe(0);
});

test("a count that differs between runs of a side was chance", () => {
  expect(interestAfter([3, 2]).effect).toBe(0);
});
