// What stands behind the numbers of a benchmark that moved: the change at each percentile of its
// operations, as a line and as a small picture, and what the Go runtime did meanwhile. Description
// for a reader; the verdict rests on the pairs.
import { formatP, formatQuantity, formatSigned } from "./format.ts";
import type { Report, ReportContextReading, ReportShiftPoint } from "./report-schema.ts";
import { benchmarkLabels } from "./rows.ts";

export type ShiftText = {
  readonly label: string;
  /** "p5 +1.0 %, p25 +1.2 %, …": some of the percentiles, for a line of text. */
  readonly line: string;
  /** "151,200 operations timed on base, 149,800 on head". */
  readonly operations: string;
  readonly rows: readonly {
    readonly percentile: string;
    readonly base: string;
    readonly head: string;
    readonly change: string;
  }[];
  readonly plot: ShiftPlot;
};

export type ShiftPlot = {
  readonly width: number;
  readonly height: number;
  /** "x,y x,y …", by ascending percentile. */
  readonly points: string;
  /** The height of no change. */
  readonly zero: number;
  /** The largest and the smallest change. */
  readonly top: string;
  readonly bottom: string;
};

export type RuntimeText = {
  readonly label: string;
  /** Only what moved, for a line of text; empty where nothing did. */
  readonly line: string;
  readonly rows: readonly {
    readonly name: string;
    readonly base: string;
    readonly head: string;
    readonly p: string;
    readonly hasMoved: boolean;
  }[];
};

/** Drawn in a box of these units; the style sheet gives it its size. */
const WIDTH = 320;
const HEIGHT = 96;
const MARGIN = 6;
/** Less would make a mountain of a change that the clock cannot even tell. */
const EXTENT_MIN = 0.02;

/** A line has room for these. */
const IN_LINE: ReadonlySet<number> = new Set([0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]);

/** One for each benchmark that moved and whose latencies were kept, in the report's order. */
export function shiftTexts(report: Report): readonly ShiftText[] {
  const labelOf = benchmarkLabels(report);
  return report.benchmarks.flatMap((benchmark): ShiftText[] => {
    const { latencyShift: shift } = benchmark;
    if (shift === undefined) return [];
    const named = shift.points.map((point) => ({ ...point, percentile: percentileName(point) }));
    const counts = [shift.baseOperations, shift.headOperations].map(thousands);
    return [
      {
        label: labelOf(benchmark),
        line: named
          .filter(({ quantile }) => IN_LINE.has(quantile))
          .map(({ percentile, change }) => `${percentile} ${formatSigned(change)} %`)
          .join(", "),
        operations: `${counts[0]} operations timed on base, ${counts[1]} on head`,
        rows: named.map(({ percentile, base, head, change }) => ({
          percentile,
          base: formatQuantity(base, "sec/op"),
          head: formatQuantity(head, "sec/op"),
          change: `${formatSigned(change)} %`,
        })),
        plot: plotOf(shift.points),
      },
    ];
  });
}

/** One for each benchmark that moved and whose processes were recorded, in the report's order. */
export function runtimeTexts(report: Report): readonly RuntimeText[] {
  const labelOf = benchmarkLabels(report);
  return report.benchmarks.flatMap((benchmark): RuntimeText[] => {
    const { runtime } = benchmark;
    if (runtime === undefined) return [];
    const rows = runtime.readings.map(readingText);
    const moved = rows.filter(({ hasMoved }) => hasMoved);
    return [
      {
        label: labelOf(benchmark),
        line: moved.map(({ name, base, head }) => `${name} ${base} to ${head}`).join(", "),
        rows,
      },
    ];
  });
}

/** Both as one line a benchmark, for formats without room; nothing where nothing is known. */
export function behindLines(report: Report): readonly string[] {
  return [
    ...shiftTexts(report).map(({ label, line }) => `${label} by percentile of operations: ${line}`),
    ...runtimeTexts(report)
      .filter(({ line }) => line !== "")
      .map(({ label, line }) => `${label}, the Go runtime for each operation: ${line}`),
  ];
}

function readingText({ name, base, head, p, moved }: ReportContextReading) {
  const [onBase, onHead] = [base, head].map((value) => formatQuantity(value, name));
  return {
    name,
    base: onBase ?? "",
    head: onHead ?? "",
    p: formatP(p),
    hasMoved: moved !== "none",
  };
}

function percentileName({ quantile }: ReportShiftPoint): string {
  return `p${Number((quantile * 100).toFixed(2))}`;
}

/** With a comma, as in the report's own words: "151,200". */
function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The percentiles from left to right, the change upward; 0 is always in sight. */
function plotOf(points: readonly ReportShiftPoint[]): ShiftPlot {
  const changes = points.map(({ change }) => change);
  const high = Math.max(EXTENT_MIN / 2, ...changes);
  const low = Math.min(-EXTENT_MIN / 2, ...changes);
  const tenth = (place: number) => Math.round(place * 10) / 10;
  const y = (change: number) =>
    tenth(MARGIN + ((HEIGHT - 2 * MARGIN) * (high - change)) / (high - low));
  const x = (quantile: number) => tenth(MARGIN + (WIDTH - 2 * MARGIN) * quantile);
  return {
    width: WIDTH,
    height: HEIGHT,
    points: points.map(({ quantile, change }) => `${x(quantile)},${y(change)}`).join(" "),
    zero: y(0),
    top: `${formatSigned(Math.max(...changes))} %`,
    bottom: `${formatSigned(Math.min(...changes))} %`,
  };
}
