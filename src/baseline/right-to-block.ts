// May a time of this benchmark stop a merge? Where the machine was calibrated, only after it has
// earned it, and never for long after it alarmed falsely.
//
// Earned: three trials of equal sides in a row without a false alarm, and a slow-down of 10 % or
// less that was found. Lost: by any false alarm in a later trial, until three quiet ones follow it;
// and by a misfire, a run in which it moved as a negative control, until it is calibrated anew or
// thirty days have passed. Counts that are compared exactly never need the right: no machine makes
// an allocation.
import { type CalibratedBenchmark, type Calibration, isTime } from "./calibration.ts";
import type { Misfire } from "./history.ts";

/** Three quiet trials of a benchmark that alarms falsely one time in two happen one time in eight. */
const QUIET_TRIALS = 3;
/** A gate that cannot see 10 % is no gate. */
const MUST_FIND = 0.1;
const MISFIRE_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

type BenchmarkKey = { readonly cell: string; readonly package: string; readonly name: string };

export type BlockingRecord = {
  readonly calibration?: Calibration | undefined;
  readonly misfires?: readonly Misfire[] | undefined;
  /** The processor of the run. */
  readonly machine: string;
  /** The day of the run, in UTC: "2026-07-31". */
  readonly today: string;
};

/**
 * Tells for a benchmark why its times may not block, for people; undefined where they may. A
 * calibration of another processor says nothing of this one and is left aside.
 */
export function barredFromBlocking(
  record: BlockingRecord,
): (benchmark: BenchmarkKey) => string | undefined {
  const { calibration, machine, misfires = [] } = record;
  const own = calibration?.machine === machine ? calibration : undefined;
  const known = new Map((own?.benchmarks ?? []).map((at) => [keyOf(at), at]));
  const misfired = new Map(misfires.map((at) => [keyOf(at), at]));
  return (benchmark) => {
    const key = keyOf(benchmark);
    const misfire = misfired.get(key);
    if (misfire !== undefined && isStanding(misfire, own, record.today)) {
      return `it moved on ${misfire.at.slice(0, 10)} although nothing that it can reach had changed`;
    }
    return own === undefined ? undefined : unearned(own, known.get(key));
  };
}

function keyOf({ cell, package: importPath, name }: BenchmarkKey): string {
  return [cell, importPath, name].join("\0");
}

function isStanding({ at }: Misfire, own: Calibration | undefined, today: string): boolean {
  const calibrated = own?.trials.at(-1)?.at;
  if (calibrated !== undefined && Date.parse(calibrated) > Date.parse(at)) return false;
  return Date.parse(today) - Date.parse(at) <= MISFIRE_DAYS * DAY_MS;
}

/** Why the trials do not give the right; undefined where they do. */
export function unearned(
  { trials }: Calibration,
  benchmark: CalibratedBenchmark | undefined,
): string | undefined {
  if (benchmark === undefined) return "it was not calibrated on this machine";
  const equal = benchmark.outcomes.filter(({ trial }) => trials[trial]?.slowedBy === 0);
  const lastAlarm = equal.findLastIndex(({ falseAlarms }) => falseAlarms.some(isTime));
  const quiet = equal.length - 1 - lastAlarm;
  if (quiet < QUIET_TRIALS) {
    return lastAlarm === -1
      ? `it has passed ${equal.length} of ${QUIET_TRIALS} trials of equal sides`
      : `it alarmed falsely in a trial of equal sides, ${quiet} quiet ones ago`;
  }
  const found = benchmark.outcomes.some(
    ({ trial, decision }) => decision === "regressed" && isDemanding(trials[trial]?.slowedBy),
  );
  return found ? undefined : "no trial showed a slow-down of 10 % or less";
}

function isDemanding(slowedBy: number | undefined): boolean {
  return slowedBy !== undefined && slowedBy > 0 && slowedBy <= MUST_FIND;
}
