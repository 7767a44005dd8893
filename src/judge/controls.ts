// Negative controls: benchmarks whose machine code and data are the same on both sides, measured all
// the same. Where one moves by more than the threshold, the machine or the layout of the code moved,
// not the change; then no time of that package is believed, unless something that needs no clock
// says the same: an exact allocation count, or a compiler's decision that the profile saw at work.
// Confirmation by fresh processes is no such thing, because a layout is the same in all of them.
import type { BenchmarkRecord } from "../evidence/manifest.ts";
import { hasDeterministicKey } from "./second-key.ts";
import type { BenchmarkVerdict, Cause, ControlOutcome, JudgedMetric } from "./verdict.ts";

const CONTROL_WARNING =
  "nothing that this benchmark can reach changed: the machine or the layout of the code moved";

/** The time that decides; the mean of a control may well be moved by one descheduling. */
const DECIDING = "p10-sec/op";

/** The same benchmarks with times taken back: all of controls, and others where a control moved. */
export function heedControls(
  benchmarks: readonly BenchmarkVerdict[],
  isControl: (benchmark: BenchmarkVerdict) => boolean,
  causes: readonly Cause[],
): BenchmarkVerdict[] {
  const moved = benchmarks.filter(
    (at) => isControl(at) && at.metrics.some((one) => one.metric === DECIDING && isMovedTime(one)),
  );
  return benchmarks.map((benchmark) => {
    if (isControl(benchmark)) return takeBackTimes(benchmark, CONTROL_WARNING, () => true);
    const control = moved.find(
      (at) => at.cell === benchmark.cell && at.package === benchmark.package,
    );
    if (control === undefined) return benchmark;
    const warning = `${control.name} moved as well, and nothing that it can reach changed: the machine or the layout of the code moved`;
    return takeBackTimes(
      benchmark,
      warning,
      (metric) => !hasDeterministicKey(metric, benchmark, causes),
    );
  });
}

/** A control's exact count that moved stays: no machine and no layout does that. */
function isMovedTime(metric: JudgedMetric): boolean {
  const hasMoved = metric.decision === "regressed" || metric.decision === "improved";
  return hasMoved && metric.comparison === "paired" && metric.metric.endsWith("sec/op");
}

function takeBackTimes(
  benchmark: BenchmarkVerdict,
  warning: string,
  isUnfounded: (metric: JudgedMetric) => boolean,
): BenchmarkVerdict {
  const metrics = benchmark.metrics.map((metric) =>
    isMovedTime(metric) && isUnfounded(metric) ? takeBack(metric, warning) : metric,
  );
  return { ...benchmark, metrics };
}

function takeBack(metric: JudgedMetric, warning: string): JudgedMetric {
  return { ...metric, decision: "unknown", warnings: [...metric.warnings, warning] };
}

/** Causes of metrics that still moved; what is not believed needs no explanation. */
export function causesOfMoved(
  causes: readonly Cause[],
  benchmarks: readonly BenchmarkVerdict[],
): Cause[] {
  const key = (...parts: readonly string[]) => parts.join("\0");
  const moved = new Set(
    benchmarks.flatMap((benchmark) =>
      benchmark.metrics
        .filter((metric) => metric.decision === "regressed" || metric.decision === "improved")
        .map((metric) => key(benchmark.package, benchmark.name, metric.metric)),
    ),
  );
  return causes.filter((cause) => moved.has(key(cause.package, cause.benchmark, cause.metric)));
}

/** The times that decide, of all controls of a run, for the report. */
export function controlOutcomes(
  records: readonly BenchmarkRecord[],
  judged: readonly BenchmarkVerdict[],
): ControlOutcome[] {
  const isControl = isControlIn(records);
  return judged.filter(isControl).flatMap(({ cell, package: importPath, name, metrics }) =>
    metrics
      .filter(({ metric }) => metric === DECIDING)
      .map(({ metric, change, low, high, pairs, warnings }) => {
        const moved = warnings.includes(CONTROL_WARNING);
        return { cell, package: importPath, name, metric, change, low, high, pairs, moved };
      }),
  );
}

/** Tells the controls among benchmarks. */
export function isControlIn(
  records: readonly BenchmarkRecord[],
): (benchmark: BenchmarkVerdict) => boolean {
  const key = (at: BenchmarkVerdict | BenchmarkRecord) => [at.cell, at.package, at.name].join("\0");
  const controls = new Set(records.filter((record) => record.control === true).map(key));
  return (benchmark) => controls.has(key(benchmark));
}
