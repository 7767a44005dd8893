// What the main branch did before, as text and as small pictures: how much a benchmark scatters
// there, and where its level moved. Context for a reader; the verdict rests on the run alone.
import { visible } from "./escape.ts";
import { formatCount, formatPercent, formatQuantity, formatSigned } from "./format.ts";
import type { Report, ReportBaseline } from "./report-schema.ts";
import { benchmarkLabels } from "./rows.ts";

/** Drawn in a box of these units; the style sheet gives it its size. */
const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 24;
const MARGIN = 2;

export type Spark = {
  /** "x,y x,y …", oldest first: a path after its "M". */
  readonly points: string;
  /** Where a new level begins. */
  readonly steps: readonly number[];
};

export type MainBranchLine = {
  readonly label: string;
  readonly metric: string;
  readonly value: string;
  /** "±0.8 % from commit to commit, ±1.2 % from pair to pair, 34 commits". */
  readonly noise: string;
  /** Absent where one commit makes no line. */
  readonly spark?: Spark;
};

/** One line a benchmark and metric that moved or could not be told; empty without a history. */
export function mainBranchLines(report: Report): readonly MainBranchLine[] {
  const labelOf = benchmarkLabels(report);
  return (report.baseline?.benchmarks ?? []).map((at) => {
    const spark = sparkOf(at.values, at.levelStarts);
    return {
      label: labelOf(at),
      metric: at.metric,
      value: formatQuantity(at.value, at.metric),
      noise: `±${formatPercent(at.commitNoise)} from commit to commit, ±${formatPercent(at.pairNoise)} from pair to pair, ${formatCount(at.values.length, "commit")}`,
      ...(spark && { spark }),
    };
  });
}

/** The same as one sentence a line, for formats without pictures. */
export function mainBranchTexts(report: Report): readonly string[] {
  return mainBranchLines(report).map(
    ({ label, metric, value, noise }) => `${label} ${metric} on main: ${value}, ${noise}`,
  );
}

/** Levels of main that rose for good, and drifts since the last release, the largest first. */
export function alarmLines(report: Report): readonly string[] {
  const labelOf = benchmarkLabels(report);
  return (report.baseline?.alarms ?? []).map((alarm) => {
    const moved = `${labelOf(alarm)} ${alarm.metric} ${formatSigned(alarm.change)} %`;
    if (alarm.kind === "drift") return `${moved} since ${visible(alarm.release)}, little by little`;
    const proof = alarm.isConfirmed
      ? "its own pairs with its parent show it too"
      : "not confirmed: the pairs of that commit with its parent do not show it";
    return `${moved} on main since ${visible(alarm.commit.slice(0, 12))}: ${proof}`;
  });
}

function sparkOf(
  values: ReportBaseline["benchmarks"][number]["values"],
  levelStarts: readonly number[],
): Spark | undefined {
  if (values.length < 2) return undefined;
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const tenth = (place: number) => Math.round(place * 10) / 10;
  const x = (index: number) =>
    tenth(MARGIN + ((SPARK_WIDTH - 2 * MARGIN) * index) / (values.length - 1));
  const y = (value: number) =>
    high === low
      ? SPARK_HEIGHT / 2
      : tenth(SPARK_HEIGHT - MARGIN - ((SPARK_HEIGHT - 2 * MARGIN) * (value - low)) / (high - low));
  return {
    points: values.map((value, index) => `${x(index)},${y(value)}`).join(" "),
    steps: levelStarts.filter((start) => start < values.length).map(x),
  };
}
