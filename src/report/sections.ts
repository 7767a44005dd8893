// The smaller parts of a report as text: what the run could have hidden, what was not measured and
// whether that is safe, what the machine was, what it cost, and how to repeat it.
import { oneLine, shorten, visible } from "./escape.ts";
import { formatBound, formatCount, formatPercent, formatSeconds } from "./format.ts";
import { policyLines } from "./policy-text.ts";
import type { Report, ReportBenchmark } from "./report-schema.ts";
import { benchmarkLabels, type Row } from "./rows.ts";

const REASON_MAX = 500;

export type SkippedGroup = {
  readonly heading: string;
  readonly reason: string;
  readonly labels: readonly string[];
};

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** One sentence a metric: the typical and the worst size that could have gone unseen. */
export function hiddenSummary(rows: readonly Row[]): readonly string[] {
  const metrics = [...new Set(rows.map(({ metric }) => metric))].sort();
  return metrics.map((metric) => {
    const own = rows.filter((row) => row.metric === metric);
    const paired = own.filter(({ source }) => source.comparison === "paired");
    const exact = own.length - paired.length;
    const known = paired.flatMap((row) =>
      row.source.couldHide === null ? [] : [{ row, size: row.source.couldHide }],
    );
    const parts: string[] = [];
    if (known.length > 0) {
      const worst = known.reduce((one, other) => (other.size > one.size ? other : one));
      const typical = formatBound(median(known.map(({ size }) => size)));
      parts.push(
        known.length === 1
          ? `under ${typical}`
          : `under ${typical} typically, under ${formatBound(worst.size)} at worst (${worst.row.label})`,
      );
    }
    const open = paired.length - known.length;
    if (open > 0) parts.push(`not known for ${formatCount(open, "benchmark")} (too few pairs)`);
    if (exact > 0) parts.push(`nothing where all runs agree (${exact} of ${own.length})`);
    return `${metric}: ${parts.join("; ")}`;
  });
}

const HEADINGS: Readonly<Record<Exclude<ReportBenchmark["status"], "measured">, string>> = {
  unaffected: "Not run, safe to skip: the change cannot reach them",
  added: "New in head: nothing to compare with",
  removed: "Gone in head",
  failed: "Failed while running",
  "not-measured": "Not measured: nothing is known about them",
};

/** Benchmarks without a measurement, by status and reason; failures first, safe ones last. */
export function skippedGroups(report: Report): readonly SkippedGroup[] {
  const order = ["failed", "not-measured", "removed", "added", "unaffected"] as const;
  const labelOf = benchmarkLabels(report);
  return order.flatMap((status) => {
    const byReason = new Map<string, string[]>();
    for (const benchmark of report.benchmarks) {
      if (benchmark.status !== status) continue;
      const labels = byReason.get(benchmark.reason) ?? [];
      byReason.set(benchmark.reason, labels);
      labels.push(labelOf(benchmark));
    }
    return [...byReason].map(([reason, labels]) => ({
      heading: HEADINGS[status],
      reason: shorten(oneLine(reason), REASON_MAX),
      labels,
    }));
  });
}

/** "key: value" of what the runner said about itself, a line each; nested values are not shown. */
function machineLines(machine: Report["noise"]["machine"]): readonly string[] {
  return Object.entries(machine)
    .flatMap(([key, value]) => {
      const items = Array.isArray(value) ? value : [value];
      const plain = items.filter((item) => ["string", "number", "boolean"].includes(typeof item));
      return plain.map((item) => `${key}: ${item}`);
    })
    .slice(0, 30)
    .map((line) => shorten(oneLine(line), REASON_MAX));
}

/** Benchmarks that the change cannot reach, measured all the same; empty when there were none. */
function controlLines({ controls }: Report["noise"]): readonly string[] {
  if (controls.length === 0) return [];
  const moved = controls.filter((control) => control.moved).map(({ name }) => visible(name));
  const outcome =
    moved.length === 0
      ? "none moved"
      : `${moved.join(", ")} moved, so the machine or the layout of the code did`;
  return [shorten(`negative controls: ${controls.length} measured, ${outcome}`, REASON_MAX)];
}

/** The team's rule, toolchains, layouts, noise floor, controls and machine. */
export function conditionLines(report: Report): readonly string[] {
  const { floor, layoutSeeds, machine } = report.noise;
  const cells = report.cells.map(({ id, go, env }) => {
    const settings = Object.entries(env).map(([key, value]) => ` ${key}=${value}`);
    return shorten(oneLine(`cell ${id}: ${go}${settings.join("")}`), REASON_MAX);
  });
  const floors = Object.entries(floor).map(
    ([metric, fraction]) => `${visible(metric)} ${formatPercent(fraction)}`,
  );
  return [
    ...policyLines(report),
    ...cells,
    floors.length === 0
      ? "noise floor: not measured in this run"
      : `noise floor of this machine in this run: ${floors.join(", ")}`,
    layoutSeeds > 1
      ? `link layouts: ${layoutSeeds}, rotated over the pairs`
      : "link layouts: the toolchain's default only",
    ...controlLines(report.noise),
    ...machineLines(machine),
  ];
}

/** What the run cost, in one sentence. */
export function costText(report: Report): string {
  const { seconds, pairs, skippedBenchmarks } = report.cost;
  const total = seconds.checkout + seconds.build + seconds.measure + seconds.analyze;
  const stages = Object.entries(seconds).map(
    ([stage, spent]) => `${stage} ${formatSeconds(spent)}`,
  );
  const skipped =
    skippedBenchmarks === 0 ? "" : `, ${formatCount(skippedBenchmarks, "benchmark")} skipped`;
  return `${formatSeconds(total)} (${stages.join(", ")}), ${formatCount(pairs, "pair")} of processes${skipped}`;
}

/** What could not be looked at, one line a strategy. */
export function degradedLines(report: Report): readonly string[] {
  return report.degraded.map(
    ({ strategy, reason }) => `${strategy}: ${shorten(oneLine(reason), REASON_MAX)}`,
  );
}

/** What a shell takes as it is; everything else goes between single quotes. */
function shellWord(text: string): string {
  const shown = visible(text);
  return /^[\w./:=@%+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

/** The configuration, where it is a file of the repository or was given by its path. */
function configOption({ policy }: Report): readonly string[] {
  if (policy === undefined || policy.file === "") return [];
  return /^[^/]+\/\.github\/\.github\//.test(policy.file)
    ? []
    : [`--config ${shellWord(policy.file)}`];
}

/** The command that repeats this run on any machine, an option an item. */
export function repeatCommand(report: Report): readonly string[] {
  const { base, head, seed, selection } = report;
  return [
    "tailguard compare --repo .",
    `--base ${shellWord(base)}`,
    `--head ${shellWord(head)}`,
    ...configOption(report),
    ...selection.packages.map((pattern) => `--package ${shellWord(pattern)}`),
    `--bench ${shellWord(selection.benchPattern)}`,
    `--budget ${selection.budgetSeconds}s`,
    ...(selection.profiles ? [`--profile ${shellWord(selection.profiles.join(","))}`] : []),
    `--seed ${seed}`,
  ];
}
