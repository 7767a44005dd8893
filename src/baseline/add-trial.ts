// What a judged trial says of each benchmark, added to the facts of the trials before.
import {
  type CalibratedBenchmark,
  type Calibration,
  isTime,
  type Trial,
  type TrialOutcome,
} from "./calibration.ts";

/** The part of a report that a trial needs. */
export type JudgedTrial = {
  readonly benchmarks: readonly {
    readonly cell: string;
    readonly package: string;
    readonly name: string;
    readonly status: string;
    readonly metrics: readonly {
      readonly name: string;
      readonly comparison: "exact" | "paired";
      readonly decision: TrialOutcome["decision"];
      readonly change: number | null;
      readonly couldHide: number | null;
      readonly pairs: number;
      readonly spread?: number | undefined;
      readonly blocks: boolean;
    }[];
  }[];
};

/** Older trials tell of another state of the machine, and a file must not grow for ever. */
const MOST_TRIALS = 200;

/** Where no change could have been shown, that none was says nothing: five pairs settle at best. */
const FEWEST_PAIRS = 5;

/** The calibration with one more trial; benchmarks that it could not judge stay as they are. */
export function addTrial(before: Calibration, trial: Trial, judged: JudgedTrial): Calibration {
  const index = before.trials.length;
  const benchmarks = new Map<string, CalibratedBenchmark>(
    before.benchmarks.map((at) => [keyOf(at), at]),
  );
  for (const { cell, package: importPath, name, status, metrics } of judged.benchmarks) {
    const typical = metrics.find((metric) => metric.name === "p10-sec/op");
    if (status !== "measured" || typical === undefined) continue;
    if (typical.pairs < FEWEST_PAIRS) continue;
    const key = { cell, package: importPath, name };
    const known = benchmarks.get(keyOf(key))?.outcomes ?? [];
    const outcome: TrialOutcome = {
      trial: index,
      decision: typical.decision,
      change: typical.change,
      falseAlarms: metrics
        .filter(({ name: metric }) => trial.slowedBy === 0 || isTime(metric))
        .filter(({ decision }) => isFalse(decision, trial.slowedBy))
        .map(({ name: metric }) => metric),
      blocks: metrics.some((metric) => metric.blocks),
      pairNoise: typical.spread ?? 0,
      couldHide: typical.couldHide,
      pairs: typical.pairs,
    };
    benchmarks.set(keyOf(key), { ...key, outcomes: [...known, outcome] });
  }
  const trials = [...before.trials, trial];
  return withoutOldest({ ...before, trials, benchmarks: [...benchmarks.values()] });
}

/** Of equal sides any move is false; of a slowed head only one in the other direction. */
function isFalse(decision: TrialOutcome["decision"], slowedBy: number): boolean {
  return decision === "improved" || (slowedBy === 0 && decision === "regressed");
}

function withoutOldest(calibration: Calibration): Calibration {
  const surplus = Math.max(0, calibration.trials.length - MOST_TRIALS);
  if (surplus === 0) return calibration;
  return {
    ...calibration,
    trials: calibration.trials.slice(surplus),
    benchmarks: calibration.benchmarks
      .map((at) => ({
        ...at,
        outcomes: at.outcomes
          .filter(({ trial }) => trial >= surplus)
          .map((outcome) => ({ ...outcome, trial: outcome.trial - surplus })),
      }))
      .filter(({ outcomes }) => outcomes.length > 0),
  };
}

function keyOf(at: { readonly cell: string; readonly package: string; readonly name: string }) {
  return [at.cell, at.package, at.name].join("\0");
}
