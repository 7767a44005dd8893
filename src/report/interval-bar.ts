// A change and its interval as a picture: a line with ends, a point, the zero and the band in which
// changes are not relevant. All bars of a page share one scale, so that lengths can be compared;
// what leaves the scale is cut at the edge and marked with an arrow.
import type { ReportMetric } from "./report-schema.ts";
import type { Row } from "./rows.ts";

/** Drawn in a box of these units; the style sheet gives it its size. */
const BAR_WIDTH = 180;
const MIDDLE = BAR_WIDTH / 2;
const REACH = MIDDLE - 8;

/** Beyond ±100 % a bar would press all others flat; below ±2 % noise would look like news. */
const EXTENT_MAX = 1;
const EXTENT_MIN = 0.02;

export type Bar = {
  readonly low: number;
  readonly high: number;
  readonly point: number;
  readonly length: number;
  readonly bandStart: number;
  readonly bandLength: number;
  readonly isExact: boolean;
  readonly isCutLow: boolean;
  readonly isCutHigh: boolean;
};

function ends(metric: ReportMetric): readonly [low: number, point: number, high: number] {
  const point = metric.change ?? Number.POSITIVE_INFINITY;
  if (metric.comparison === "exact") return [Math.min(0, point), point, Math.max(0, point)];
  return [metric.low ?? Number.NEGATIVE_INFINITY, point, metric.high ?? Number.POSITIVE_INFINITY];
}

/** The fraction at the right edge of the scale that fits `rows`. */
export function barExtent(rows: readonly Row[]): number {
  const sizes = rows
    .filter(({ source }) => source.comparison === "paired")
    .flatMap(({ source }) => ends(source).map(Math.abs))
    .filter(Number.isFinite);
  const largest = sizes.reduce((one, other) => Math.max(one, other), EXTENT_MIN);
  const step = 10 ** Math.floor(Math.log10(largest));
  return Math.min(EXTENT_MAX, Math.ceil(largest / step) * step);
}

/** Where the parts of the bar stand on a scale from -extent to +extent. */
export function barOf(metric: ReportMetric, extent: number): Bar {
  const place = (fraction: number) =>
    Math.round((MIDDLE + REACH * Math.max(-1, Math.min(1, fraction / extent))) * 10) / 10;
  const [low, point, high] = ends(metric);
  const [start, end] = [place(low), place(high)];
  const bandStart = place(-metric.threshold);
  return {
    low: start,
    high: end,
    point: place(point),
    length: Math.round((end - start) * 10) / 10,
    bandStart,
    bandLength: Math.round((place(metric.threshold) - bandStart) * 10) / 10,
    isExact: metric.comparison === "exact",
    isCutLow: low < -extent,
    isCutHigh: high > extent,
  };
}
