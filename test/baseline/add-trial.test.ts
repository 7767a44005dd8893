import { expect, test } from "vitest";
import { addTrial, type JudgedTrial } from "../../src/baseline/add-trial.ts";
import { type Calibration, calibrationSchema, ratesOf } from "../../src/baseline/calibration.ts";

const NEW: Calibration = {
  schema: "tailguard.calibration/1",
  machine: "Some CPU",
  cores: 2,
  trials: [],
  benchmarks: [],
};
type Metric = JudgedTrial["benchmarks"][number]["metrics"][number];

function judged(
  metrics: Record<string, Partial<Metric>>,
  more: { status?: string } = {},
): JudgedTrial {
  const key = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };
  const whole = Object.entries(metrics).map(
    ([name, metric]): Metric => ({
      name,
      comparison: "paired",
      decision: "same",
      change: 0.01,
      couldHide: 0.03,
      pairs: 12,
      spread: 0.02,
      blocks: false,
      ...metric,
    }),
  );
  return { benchmarks: [{ ...key, status: "measured", metrics: whole, ...more }] };
}

const trial = (slowedBy: number) => ({
  at: "2026-03-01T00:00:00Z",
  commit: "c".repeat(40),
  slowedBy,
  seed: 1,
});
const alarmsOf = (slowedBy: number, metrics: Record<string, Partial<Metric>>) =>
  addTrial(NEW, trial(slowedBy), judged(metrics)).benchmarks[0]?.outcomes[0]?.falseAlarms;

test("equal sides that move are false alarms, of a slowed head only what became faster", () => {
  const moved = {
    "p10-sec/op": { decision: "regressed" },
    "p99-sec/op": { decision: "improved" },
    "allocs/op": { decision: "regressed", comparison: "exact" },
    "B/op": { decision: "regressed" },
  } as const;
  expect(alarmsOf(0, moved)).toEqual(["p10-sec/op", "p99-sec/op", "allocs/op", "B/op"]);
  expect(alarmsOf(0.05, moved)).toEqual(["p99-sec/op"]);
  expect(alarmsOf(0, { "p10-sec/op": {} })).toEqual([]);
});

test("what would have stopped a merge is counted by trials of equal sides", () => {
  const blocking = judged({
    "p10-sec/op": {},
    "allocs/op": { decision: "regressed", blocks: true },
  });
  const quiet = judged({ "p10-sec/op": {} });
  const all = addTrial(
    addTrial(addTrial(NEW, trial(0), quiet), trial(0), blocking),
    trial(0.1),
    blocking,
  );
  expect(ratesOf(all, all.benchmarks)).toMatchObject({
    equalTrials: 2,
    alarmedTrials: 1,
    blockedTrials: 1,
  });
});

test("what could not be judged says nothing", () => {
  const added = (trialOf: JudgedTrial) => addTrial(NEW, trial(0), trialOf).benchmarks;
  expect(added(judged({ "p10-sec/op": { pairs: 4 } }))).toEqual([]);
  expect(added(judged({ "sec/op": {} }))).toEqual([]);
  expect(added(judged({ "p10-sec/op": {} }, { status: "failed" }))).toEqual([]);
});

test("trials add up, and the oldest of more than two hundred are let go", () => {
  let calibration = NEW;
  for (let index = 0; index < 203; index++) {
    calibration = addTrial(calibration, trial(index % 2), judged({ "p10-sec/op": {} }));
  }
  expect(calibrationSchema.parse(calibration)).toEqual(calibration);
  expect(calibration.trials).toHaveLength(200);
  expect(calibration.benchmarks[0]?.outcomes).toHaveLength(200);
  expect(calibration.benchmarks[0]?.outcomes[0]?.trial).toBe(0);
  expect(calibration.benchmarks[0]?.outcomes.at(-1)?.trial).toBe(199);
});
