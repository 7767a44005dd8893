// What the history of main says of the benchmarks of one run: context for a reader, and no verdict.
//
// The decisions on a pull request rest on its own pairs alone. Of history they use one thing: a
// benchmark that moved although nothing it can reach had changed has lost the right to block
// (earned.ts). Noise of main, levels and drifts are printed beside the numbers.
import type { History, Series } from "./history.ts";
import { type LevelChange, levelChanges } from "./level-changes.ts";
import { type Reference, referenceOf } from "./reference.ts";
import { DRIFT_THRESHOLD, releaseDrift } from "./release-drift.ts";
import { segmentStarts } from "./segments.ts";

export type SeriesDescription = Pick<Series, "cell" | "package" | "name" | "metric"> & {
  readonly reference: Reference;
  /** Values in base units, oldest first. */
  readonly values: readonly number[];
  /** Where a new level begins, indices into `values`. */
  readonly levelStarts: readonly number[];
};

export type BaselineAlarm = Pick<Series, "cell" | "package" | "name" | "metric"> &
  (
    | ({ readonly kind: "step" } & LevelChange)
    | { readonly kind: "drift"; readonly release: string; readonly change: number }
  );

export type BaselineDescription = {
  /** Commits of the longest series. */
  readonly commits: number;
  readonly series: readonly SeriesDescription[];
  /** The largest first, each level's newest step only. */
  readonly alarms: readonly BaselineAlarm[];
};

/** Describes the series that `isAsked` names and looks for alarms in all. */
export function describeHistory(
  history: History,
  isAsked: (series: Series) => boolean,
): BaselineDescription {
  const alarms = history.series.flatMap((series) => alarmsOf(series, history));
  return {
    commits: Math.max(0, ...history.series.map(({ points }) => points.length)),
    series: history.series.filter(isAsked).flatMap(describeSeries),
    alarms: alarms.sort((one, other) => Math.abs(other.change) - Math.abs(one.change)),
  };
}

function describeSeries(series: Series): SeriesDescription[] {
  const reference = referenceOf(series);
  if (reference === undefined) return [];
  const { cell, package: importPath, name, metric, points } = series;
  return [
    {
      cell,
      package: importPath,
      name,
      metric,
      reference,
      values: points.map(({ value }) => value),
      levelStarts: segmentStarts(series),
    },
  ];
}

function alarmsOf(series: Series, { release }: History): BaselineAlarm[] {
  const { cell, package: importPath, name, metric } = series;
  const of = { cell, package: importPath, name, metric };
  const step = levelChanges(series).at(-1);
  const drift = release === undefined ? undefined : releaseDrift(series, release);
  return [
    ...(step === undefined || step.change < 0 ? [] : [{ ...of, kind: "step" as const, ...step }]),
    ...(release === undefined || drift === undefined || drift <= DRIFT_THRESHOLD
      ? []
      : [{ ...of, kind: "drift" as const, release: release.name, change: drift }]),
  ];
}
