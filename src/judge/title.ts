// The verdict in one line: what a person reads first, in a list of checks or a mail.
import { parseSymbol } from "../pprof/symbol.ts";
import { percent } from "./cause-text.ts";
import { bySizeDescending, metricRank } from "./metric-order.ts";
import type { BenchmarkVerdict, Cause, JudgedMetric } from "./verdict.ts";

type Moved = { readonly benchmark: BenchmarkVerdict; readonly metric: JudgedMetric };

/** As the report has it: no timing tells less apart. */
const FINEST = 0.001;

/** GitHub shows about this much of a check's title in a list. */
const CAUSE_MAX = 80;

/** "p10 +18 % in 1 of 42: Parse — moved to heap: buf", or what there is instead. */
export function titleOf(benchmarks: readonly BenchmarkVerdict[], causes: readonly Cause[]): string {
  const measured = benchmarks.filter((benchmark) => benchmark.metrics.length > 0);
  const failing = benchmarks.filter((benchmark) => benchmark.status === "failed");
  const regressed = movedMetrics(measured, "regressed");
  const blocking = regressed.filter(({ metric }) => metric.blocks);
  const [worst] = sortBySize(blocking.length > 0 ? blocking : regressed);
  if (worst !== undefined) {
    const accepted = worst.metric.waiver?.state === "accepted" ? ", accepted" : "";
    return `${changeOf(worst)} in ${benchmarksOf(regressed, worst)} of ${measured.length}${accepted}: ${shortName(worst)}${causeOf(worst, causes)}`;
  }
  if (measured.length === 0) {
    return failing.length > 0
      ? `Could not measure: ${plural(failing.length, "benchmark")} failed`
      : "Nothing was measured";
  }
  const unknown = measured.filter(isUntold);
  const hidden = hiddenWords(measured);
  const improved = sortBySize(movedMetrics(measured, "improved"));
  const broken = failing.length > 0 ? `, ${plural(failing.length, "benchmark")} failed` : "";
  const [best] = improved;
  const better =
    best === undefined
      ? ""
      : `; ${changeOf(best)} in ${benchmarksOf(improved, best)} of ${measured.length}: ${shortName(best)}`;
  if (unknown.length > 0) {
    const of = best === undefined ? ` of ${measured.length}` : "";
    return `No regression shown${better}; ${unknown.length}${of} cannot be told${broken}`;
  }
  if (best !== undefined) return `No regression${better}${broken}`;
  return `No regression in ${plural(measured.length, "benchmark")}${hidden}${broken}`;
}

/** Where these can be told, a noisy tail or mean that cannot is no news. */
const SPEAKS_FOR_ALL: ReadonlySet<string> = new Set(["p10-sec/op", "B/op", "allocs/op"]);

/** Whether it cannot be told of the benchmark if it got slower. */
export function isUntold({ metrics }: BenchmarkVerdict): boolean {
  return metrics.some((metric) => metric.decision === "unknown" && speaks(metric));
}

/** CPU time or p99 counts as well where all of its interval is a relevant slow-down. */
function speaks({ metric, low, threshold }: JudgedMetric): boolean {
  return SPEAKS_FOR_ALL.has(metric) || (/^(cpu|p99)-sec/.test(metric) && low > threshold);
}

function movedMetrics(
  benchmarks: readonly BenchmarkVerdict[],
  decision: "regressed" | "improved",
): Moved[] {
  return benchmarks.flatMap((benchmark) =>
    benchmark.metrics
      .filter((metric) => metric.decision === decision)
      .map((metric) => ({ benchmark, metric })),
  );
}

/** In how many benchmarks the metric that is named moved so. */
function benchmarksOf(moved: readonly Moved[], { metric: named }: Moved): number {
  const alike = moved.filter(({ metric }) => metric.metric === named.metric);
  return new Set(alike.map(({ benchmark }) => keyOf(benchmark))).size;
}

function sortBySize(moved: readonly Moved[]): Moved[] {
  return [...moved].sort(
    ({ metric: a }, { metric: b }) =>
      metricRank(a.metric) - metricRank(b.metric) || bySizeDescending(a.change, b.change),
  );
}

function changeOf({ metric }: Moved): string {
  if (metric.metric === "allocs/op" && metric.comparison === "exact") {
    const more = metric.head - metric.base;
    return `allocs/op ${more > 0 ? "+" : "−"}${Math.abs(more)}`;
  }
  if (!Number.isFinite(metric.change))
    return `${nameOf(metric.metric)} ${metric.base} → ${metric.head}`;
  return `${nameOf(metric.metric)} ${percent(metric.change)}`;
}

/** As rules have it: "p99" for "p99-sec/op", "cpu" for "cpu-sec/op". */
function nameOf(metric: string): string {
  return metric.replace(/-sec\/op$/, "");
}

function shortName({ benchmark }: Moved): string {
  return benchmark.name.replace(/^Benchmark(?=.)/, "");
}

const MECHANISM: Partial<Record<Cause["kind"], string>> = {
  gc: "garbage collection",
  lock: "lock contention",
  scheduler: "waiting or scheduling",
  code: "time in the kernel",
};

function causeOf({ benchmark, metric }: Moved, causes: readonly Cause[]): string {
  const cause = causes.find(
    (at) => at.benchmark === benchmark.name && at.metric === metric.metric && at.kind !== "unknown",
  );
  if (cause === undefined) return "";
  if (cause.function === "") return ` — ${MECHANISM[cause.kind] ?? cause.kind}`;
  const name = parseSymbol(cause.function).declaration;
  const words: Partial<Record<Cause["kind"], string>> = {
    inlining: `${name} is no longer inlined`,
    escape: `more escapes in ${name}`,
    allocation: `${name} allocates`,
    "bounds-check": `more bounds checks in ${name}`,
  };
  const decided = words[cause.kind];
  if (decided !== undefined) return ` — ${decided.slice(0, CAUSE_MAX)}`;
  // That it changed is no proof that this is why.
  const doubt = cause.share === undefined ? ", share not known" : "";
  return ` — ${`${name} changed`.slice(0, CAUSE_MAX)}${doubt}`;
}

/** The largest slow-down of typical time that went unseen in no benchmark. */
function hiddenWords(measured: readonly BenchmarkVerdict[]): string {
  const hidden = measured.flatMap((benchmark) =>
    benchmark.metrics
      .filter((metric) => metric.metric === "p10-sec/op" && Number.isFinite(metric.couldHide))
      .map((metric) => metric.couldHide),
  );
  return hidden.length === 0
    ? ""
    : `; could hide < ${(Math.max(FINEST, ...hidden) * 100).toFixed(1)} %`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function keyOf(benchmark: BenchmarkVerdict): string {
  return `${benchmark.cell}\0${benchmark.package}\0${benchmark.name}`;
}
