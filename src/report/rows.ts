// The table of a report as text: one row a metric, worst first, all numbers written out. Every
// page shows these rows and formats nothing itself.
import { oneLine, shorten, visible } from "./escape.ts";
import { couldHideText, explainMetric, isSignificant } from "./explain-metric.ts";
import { formatInterval, formatP, formatPair, formatQuantity, formatSigned } from "./format.ts";
import type { Report, ReportBenchmark, ReportMetric } from "./report-schema.ts";

/** Names may be 1,000 characters long; 120 tell two of them apart and leave room for the numbers. */
export const NAME_MAX = 120;

/** Warnings come from other stages and are added up: beyond this they are noise. */
const WHY_MAX = 600;

export type Row = {
  /** "Parse/large", with package and cell where the report has more than one. */
  readonly label: string;
  readonly metric: string;
  readonly base: string;
  readonly head: string;
  /** "+18.2 %", or "~" where no change is significant. */
  readonly change: string;
  /** "[+17.1, +19.4]"; empty for exact comparisons. */
  readonly interval: string;
  readonly p: string;
  /** "regressed, blocks", "regressed, accepted", "unknown", … */
  readonly decision: string;
  /** "< 2.1 %": what could have gone unseen; "exact" hides nothing. */
  readonly couldHide: string;
  /** What the decision stands on; empty where "same" says it all. */
  readonly why: string;
  readonly benchmark: ReportBenchmark;
  readonly source: ReportMetric;
};

type Named = { readonly name: string; readonly package: string; readonly cell?: string };

/** Packages without the path all of them share; a package that is that path keeps its last part. */
function shortPackages(packages: readonly string[]): ReadonlyMap<string, string> {
  const split = [...new Set(packages)].map((path) => path.split("/"));
  const first = split[0] ?? [];
  const differs = first.findIndex((part, at) => split.some((parts) => parts[at] !== part));
  const shared = differs === -1 ? first.length : differs;
  return new Map(
    split.map((parts) => [parts.join("/"), parts.slice(shared).join("/") || (parts.at(-1) ?? "")]),
  );
}

/**
 * Names benchmarks as benchstat does: "BenchmarkParse/large" is "Parse/large", with package and
 * cell where the report has more than one.
 */
export function benchmarkLabels(report: Report): (benchmark: Named) => string {
  const packages = shortPackages(report.benchmarks.map((each) => each.package));
  return (benchmark) => {
    const bare = benchmark.name.replace(/^Benchmark(?=[^a-z])/, "");
    const element = packages.get(benchmark.package) ?? benchmark.package;
    const name = packages.size > 1 ? `${element}.${bare}` : bare;
    const cell =
      benchmark.cell !== undefined && report.cells.length > 1 ? ` @ ${benchmark.cell}` : "";
    return shorten(visible(`${name}${cell}`), NAME_MAX);
  };
}

function changeText(metric: ReportMetric): string {
  if (!isSignificant(metric)) return "~";
  if (metric.change !== null) return `${formatSigned(metric.change)} %`;
  return `+${formatQuantity(metric.head, metric.name)} from 0`;
}

function decisionText(metric: ReportMetric): string {
  if (metric.decision !== "regressed") return metric.decision;
  if (metric.blocks) return "regressed, blocks";
  return metric.waiver?.state === "accepted" ? "regressed, accepted" : "regressed";
}

function rowOf(label: string, benchmark: ReportBenchmark, source: ReportMetric): Row {
  const [base, head] = formatPair(source.base, source.head, source.name);
  const exact = source.comparison === "exact";
  return {
    label,
    metric: source.name,
    base,
    head,
    change: changeText(source),
    interval: exact ? "" : formatInterval(source.low, source.high),
    p: exact ? "exact" : formatP(source.pAdjusted),
    decision: decisionText(source),
    couldHide: couldHideText(source),
    why: shorten(oneLine(explainMetric(source)), WHY_MAX),
    benchmark,
    source,
  };
}

const RANK = { regressed: 1, improved: 2, unknown: 3, same: 4 } as const;

/** Which metric speaks for a benchmark when several moved: what people wait for, then memory. */
const SPEAKS_FIRST: readonly string[] = [
  "p10-sec/op",
  "p99-sec/op",
  "allocs/op",
  "p50-sec/op",
  "cpu-sec/op",
  "sec/op",
  "B/op",
  "p99.9-sec/op",
  "p90-sec/op",
];

/** How a table lists them: time from typical to tail, then memory. */
const LISTED: readonly string[] = [
  "p10-sec/op",
  "p50-sec/op",
  "p90-sec/op",
  "p99-sec/op",
  "p99.9-sec/op",
  "cpu-sec/op",
  "sec/op",
  "B/op",
  "allocs/op",
];

function rankOf({ source }: Row): number {
  return source.blocks ? 0 : RANK[source.decision];
}

/** Within a benchmark: the row that speaks for it first. */
function bySpeaker(one: Row, other: Row): number {
  return (
    rankOf(one) - rankOf(other) ||
    SPEAKS_FIRST.indexOf(one.metric) - SPEAKS_FIRST.indexOf(other.metric)
  );
}

function byListing(one: Row, other: Row): number {
  return LISTED.indexOf(one.metric) - LISTED.indexOf(other.metric);
}

/** Between benchmarks, by the rows that speak for them: the worse decision, the larger change. */
function bySeverity(one: Row, other: Row): number {
  const size = ({ source }: Row) =>
    source.change === null ? Number.MAX_VALUE : Math.abs(source.change);
  return rankOf(one) - rankOf(other) || size(other) - size(one);
}

/** All rows, the worst benchmark first; the metrics of one benchmark in one fixed order. */
export function sortedRows(report: Report): readonly Row[] {
  const labelOf = benchmarkLabels(report);
  return report.benchmarks
    .flatMap((benchmark) => {
      const label = labelOf(benchmark);
      const rows = benchmark.metrics.map((metric) => rowOf(label, benchmark, metric));
      const speaker = [...rows].sort(bySpeaker)[0];
      if (speaker === undefined) return [];
      const once = rows.map((row) => (saysTheSame(row, speaker) ? { ...row, why: "" } : row));
      return [{ speaker, rows: once.sort(byListing) }];
    })
    .sort((one, other) => bySeverity(one.speaker, other.speaker))
    .flatMap(({ rows }) => rows);
}

/** Whether the row that speaks for the benchmark has already said why this one is decided so. */
function saysTheSame(row: Row, speaker: Row): boolean {
  if (row === speaker || row.source.decision !== speaker.source.decision) return false;
  if (row.source.decision === "unknown" || row.source.tailOnly === true) return false;
  return row.source.warnings.every((warning) => speaker.source.warnings.includes(warning));
}

/** Rows under the benchmark they belong to, in the order given. */
export function groupRows(
  rows: readonly Row[],
): readonly { readonly label: string; readonly rows: readonly Row[] }[] {
  const groups = new Map<ReportBenchmark, Row[]>();
  for (const row of rows) {
    const own = groups.get(row.benchmark) ?? [];
    groups.set(row.benchmark, own);
    own.push(row);
  }
  return [...groups.values()].map((own) => ({ label: own[0]?.label ?? "", rows: own }));
}

/** Metrics that are steady enough for "cannot be told" to be news of its own. */
const STEADY: ReadonlySet<string> = new Set(["p10-sec/op", "B/op", "allocs/op"]);

/**
 * A decision that a reader should hear of: not "the same", and no unknown of a noisy metric, unless
 * all of its interval is a relevant slow-down that only pairs are missing for.
 */
export function isTold(metric: ReportMetric): boolean {
  if (metric.decision === "same") return false;
  return metric.decision !== "unknown" || STEADY.has(metric.name) || looksSlower(metric);
}

/** Garbage collection, contention and tails show in these, and not in the steadier p10. */
function looksSlower({ name, low, threshold }: ReportMetric): boolean {
  return /^(cpu|p99)-sec/.test(name) && low !== null && low > threshold;
}

/** Undecided benchmarks shown; a run that was too short or too noisy has as many as there are. */
const UNDECIDED_SHOWN = 5;

/**
 * The rows a reader should see without unfolding anything, of `rows` worst first. That a mean, a
 * tail or the CPU time cannot be told says as a rule nothing that p10 does not say better; and of
 * many benchmarks for which there were too few pairs, the first few tell all there is to tell.
 */
export function newsOf(rows: readonly Row[]): ReadonlySet<Row> {
  const told = rows.filter(({ source }) => isTold(source));
  const decided = told.filter(({ source }) => !isUndecided(source));
  const shown = new Set(decided.map(({ benchmark }) => benchmark));
  const undecided = new Set(told.map(({ benchmark }) => benchmark).filter((at) => !shown.has(at)));
  for (const benchmark of [...undecided].slice(0, UNDECIDED_SHOWN)) shown.add(benchmark);
  return new Set(told.filter(({ benchmark }) => shown.has(benchmark)));
}

/** Unknown for want of pairs, not because something speaks against a change that was seen. */
function isUndecided(metric: ReportMetric): boolean {
  return metric.decision === "unknown" && !isSignificant(metric);
}

function isTime({ metric }: Row): boolean {
  return metric.endsWith("sec/op");
}

/**
 * The first `count` rows for a reader in a hurry: regressions before anything else, then of every
 * benchmark the row that speaks for it, time beside memory, before a second row of the same kind.
 */
export function worstRows(rows: readonly Row[], count: number): readonly Row[] {
  const changed = rows.filter(({ source }) => isTold(source));
  const tiers = new Map<Row, number>();
  for (const group of groupRows(changed)) {
    const [speaker, ...rest] = [...group.rows].sort(bySpeaker);
    if (speaker === undefined) continue;
    tiers.set(speaker, 0);
    const otherKind = rest.find((row) => isTime(row) !== isTime(speaker));
    if (otherKind !== undefined) tiers.set(otherKind, 1);
  }
  const tierOf = (row: Row) => tiers.get(row) ?? 2;
  const chosen = new Set(
    [...changed]
      .sort(
        (one, other) =>
          RANK[one.source.decision] - RANK[other.source.decision] || tierOf(one) - tierOf(other),
      )
      .slice(0, count),
  );
  return rows.filter((row) => chosen.has(row));
}
