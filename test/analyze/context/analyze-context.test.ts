import { expect, test } from "vitest";
import { analyzeContext } from "../../../src/analyze/context/analyze-context.ts";
import { SIGNALS } from "../../../src/analyze/context/signals.ts";
import { evidenceOf, evidenceOfTexts, NAME, type PairRow } from "../latency/measured.ts";

type Sides = readonly [base: number, head: number];

/** 1 µs on both sides, nothing else happening; a little noise that differs from unit to unit. */
const STILL: Readonly<Record<string, Sides>> = {
  "sec/op": [1e-6, 1e-6],
  "p10-sec/op": [0.95e-6, 0.95e-6],
  "cpu-sec/op": [1e-6, 1e-6],
  "B/op": [64, 64],
  "gc-cycles/op": [0, 0],
  "gc-forced-cycles/op": [0, 0],
  "gc-pause-sec/op": [0, 0],
  "gc-mark-cpu-sec/op": [0, 0],
  "gc-assist-cpu-sec/op": [0, 0],
  "mutex-wait-sec/op": [0, 0],
  "sched-wait-sec/op": [1e-9, 1e-9],
  "sched-runs/op": [0.001, 0.001],
  goroutines: [8, 8],
  "system-cpu-sec/op": [1e-8, 1e-8],
  "voluntary-switches/op": [0.002, 0.002],
  "involuntary-switches/op": [0.002, 0.002],
};

function rows(over: Readonly<Record<string, Sides>>, pairs = 20): PairRow[] {
  return Array.from({ length: pairs }, (_, pair) => ({
    phase: pair < pairs / 2 ? "explore" : "confirm",
    printed: Object.fromEntries(
      Object.entries({ ...STILL, ...over }).map(([unit, [base, head]], at) => {
        const noise = (side: number) => 1 + 0.01 * Math.sin(7 * pair + 3 * at + 11 * side);
        return [unit, [[base * noise(0)], [head * noise(1)]]];
      }),
    ),
  }));
}

/** "allocation more: gc-sec/op up, B/op up", or "" where nothing is found. */
function check(over: Readonly<Record<string, Sides>>, expected: string) {
  const { findings } = analyzeContext(evidenceOf(rows(over)));
  const said = findings.map(({ mechanism, direction, readings }) => {
    const moved = readings.filter(({ movement }) => movement !== "none");
    return `${mechanism} ${direction}: ${moved.map((at) => `${at.name} ${at.movement}`).join(", ")}`;
  });
  expect(said.join("; ")).toBe(expected);
}

test("where no time moved nothing is said, whatever else did", () => {
  check({}, "");
  check({ "gc-cycles/op": [0, 0.01], "gc-mark-cpu-sec/op": [0, 1e-8] }, "");
});

test("more garbage, and the way back", () => {
  const garbage = {
    "sec/op": [1e-6, 2e-6],
    "cpu-sec/op": [1e-6, 2e-6],
    "B/op": [64, 2048],
    "gc-cycles/op": [0.0001, 0.0005],
    "gc-mark-cpu-sec/op": [1e-8, 3e-7],
  } as const;
  const moved = "gc-sec/op up, gc-mark-cpu-sec/op up, gc-cycles/op up, B/op up";
  check(garbage, `allocation more: ${moved}`);
  const back = Object.entries(garbage).map(([unit, [base, head]]) => [unit, [head, base] as const]);
  check(Object.fromEntries(back), `allocation less: ${moved.replaceAll("up", "down")}`);
});

test("what is too small for the change does not explain it", () => {
  check(
    {
      "sec/op": [1e-6, 2e-6],
      "cpu-sec/op": [1e-6, 2e-6],
      "gc-cycles/op": [0.0001, 0.0005],
      "gc-mark-cpu-sec/op": [1e-9, 2e-8],
      "mutex-wait-sec/op": [0, 1e-8],
    },
    "compute more: gc-cycles/op up",
  );
});

test("waiting is what the clock shows and the processor does not", () => {
  const waits = { "sec/op": [1e-6, 5e-6] } as const;
  check(waits, "starved more: off-cpu-sec/op up, sec/cpu-sec up");
  check(
    { ...waits, "voluntary-switches/op": [0.002, 0.9] },
    "waiting more: off-cpu-sec/op up, sec/cpu-sec up, voluntary-switches/op up",
  );
});

test("a tail that moved is explained too", () => {
  check(
    { "p99-sec/op": [2e-6, 3e-5], "mutex-wait-sec/op": [0, 4e-7], "sec/op": [1e-6, 1.04e-6] },
    "lock more: mutex-wait-sec/op up, off-cpu-sec/op up",
  );
});

test("every reading is there, in one order, with both sides", () => {
  const [finding] = analyzeContext(evidenceOf(rows({ "cpu-sec/op": [1e-6, 2e-6] }))).findings;
  const wanted = SIGNALS.map(({ name }) => name).filter((name) => name !== "goroutines-created/op");
  expect(finding?.readings.map(({ name }) => name)).toEqual(wanted);
  expect(finding).toMatchObject({ benchmark: { name: NAME }, pairs: 20 });
});

test("few pairs are not sure, and plain binaries have nothing to say", () => {
  const moved = rows({ "cpu-sec/op": [1e-6, 2e-6] }, 4);
  expect(analyzeContext(evidenceOf(moved)).findings).toEqual([]);
  const plain = Array.from({ length: 20 }, () => ({ printed: { "sec/op": [[1], [2]] } as const }));
  expect(analyzeContext(evidenceOf(plain)).findings).toEqual([]);
  expect(analyzeContext(evidenceOfTexts("garbage\n", "")).findings).toEqual([]);
});
