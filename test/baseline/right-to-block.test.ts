import { describe, expect, test } from "vitest";
import {
  type Calibration,
  calibrationSchema,
  ratesOf,
  type TrialOutcome,
} from "../../src/baseline/calibration.ts";
import { barredFromBlocking } from "../../src/baseline/right-to-block.ts";

const KEY = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };
const MACHINE = "Some CPU";

type Told = readonly [slowedBy: number, decision: TrialOutcome["decision"], falseAlarms?: number];

/** A calibration of one benchmark: what each trial said of it. */
function calibrationOf(told: readonly Told[]): Calibration {
  return {
    schema: "tailguard.calibration/1",
    machine: MACHINE,
    cores: 2,
    trials: told.map(([slowedBy], index) => ({
      at: `2026-03-0${index + 1}T00:00:00Z`,
      commit: "c".repeat(40),
      slowedBy,
      seed: index,
    })),
    benchmarks: [
      {
        ...KEY,
        outcomes: told.map(([slowedBy, decision, falseAlarms = 0], trial) => ({
          trial,
          decision,
          change: slowedBy,
          falseAlarms: new Array<string>(falseAlarms).fill("p10-sec/op"),
          blocks: false,
          pairNoise: 0.02,
          couldHide: 0.03,
          pairs: 12,
        })),
      },
    ],
  };
}

const QUIET: readonly Told[] = [
  [0, "same"],
  [0, "unknown"],
  [0, "same"],
];
const FOUND: Told = [0.1, "regressed"];

test("a count that moved takes no right from the times", () => {
  const calibration = calibrationOf([...QUIET, FOUND, [0, "same"]]);
  calibration.benchmarks[0]?.outcomes.at(-1)?.falseAlarms.push("B/op");
  const barred = barredFromBlocking({ calibration, machine: MACHINE, today: "2026-03-20" });
  expect(barred(KEY)).toBeUndefined();
});

function reason(
  told: readonly Told[] | undefined,
  more: { misfire?: string; machine?: string } = {},
) {
  const barred = barredFromBlocking({
    calibration: told && calibrationOf(told),
    misfires: more.misfire === undefined ? [] : [{ ...KEY, at: more.misfire }],
    machine: more.machine ?? MACHINE,
    today: "2026-03-20",
  });
  return barred(KEY);
}

describe("the right to block", () => {
  test("is everybody's where nothing was calibrated, or another machine was", () => {
    expect(reason(undefined)).toBeUndefined();
    expect(reason([[0, "regressed", 1]], { machine: "Another CPU" })).toBeUndefined();
  });

  test("is earned by three quiet trials and a slow-down that was found", () => {
    expect(reason([...QUIET, FOUND])).toBeUndefined();
    expect(reason([...QUIET.slice(1), FOUND])).toContain("2 of 3 trials");
    expect(reason([...QUIET, [0.1, "unknown"]])).toContain("no trial showed");
    expect(reason([...QUIET, [0.2, "regressed"]])).toContain("no trial showed");
  });

  test("is lost by a false alarm, and earned again by three quiet trials after it", () => {
    expect(reason([...QUIET, FOUND, [0, "regressed", 1]])).toContain("0 quiet ones ago");
    expect(reason([FOUND, [0, "regressed", 1], ...QUIET])).toBeUndefined();
  });

  test("is lost by a misfire for thirty days, or until it is calibrated after it", () => {
    expect(reason(undefined, { misfire: "2026-03-10T12:00:00Z" })).toContain("2026-03-10");
    expect(reason(undefined, { misfire: "2026-01-10T12:00:00Z" })).toBeUndefined();
    expect(reason([...QUIET, FOUND], { misfire: "2026-03-03T12:00:00Z" })).toBeUndefined();
    expect(reason([...QUIET, FOUND], { misfire: "2026-03-10T12:00:00Z" })).toContain("moved");
  });

  test("is not given to a benchmark that no trial knew", () => {
    const barred = barredFromBlocking({
      calibration: calibrationOf([...QUIET, FOUND]),
      machine: MACHINE,
      today: "2026-03-20",
    });
    expect(barred({ ...KEY, name: "BenchmarkNew" })).toContain("not calibrated");
  });
});

test("rates: false alarms among equal sides, and what was found of each slow-down", () => {
  const calibration = calibrationOf([
    ...QUIET,
    [0, "regressed", 1],
    [0.05, "unknown"],
    [0.05, "regressed"],
    [0.1, "regressed"],
  ]);
  expect(calibrationSchema.parse(calibration)).toEqual(calibration);
  expect(ratesOf(calibration, calibration.benchmarks)).toEqual({
    falseAlarmRate: 0.25,
    equalOutcomes: 4,
    equalTrials: 4,
    blockedTrials: 0,
    alarmedTrials: 1,
    power: [
      { slowedBy: 0.05, found: 0.5, outcomes: 2 },
      { slowedBy: 0.1, found: 1, outcomes: 1 },
    ],
  });
});
