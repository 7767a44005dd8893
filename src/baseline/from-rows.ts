// The history of main out of the store's rows, and rows out of a report. What a row holds came from
// a runner's evidence by way of a report: numbers that are none are left out.
import { z } from "zod";
import { type History, type Point, type Series, WINDOW } from "./history.ts";

const measuredSchema = z.object({
  value: z.number().nonnegative(),
  change: z.number().nullable(),
  p: z.number().min(0).max(1),
  spread: z.number().nonnegative(),
});
/** What one push to main measured of one benchmark, by metric. */
export const measuredMetricsSchema = z.record(z.string(), measuredSchema);
type MeasuredMetrics = z.infer<typeof measuredMetricsSchema>;

export type HistoryRow = {
  readonly cell: string;
  readonly package: string;
  readonly name: string;
  readonly commit: string;
  readonly measuredAt: Date;
  readonly metrics: unknown;
};

/** Metrics that are looked back on; the others are kept, and not read. */
const WATCHED: ReadonlySet<string> = new Set([
  "p10-sec/op",
  "p99-sec/op",
  "cpu-sec/op",
  "B/op",
  "allocs/op",
]);

/** Series by benchmark and metric; the rows of a benchmark come oldest first. */
export function seriesOf(rows: readonly HistoryRow[]): Series[] {
  const series = new Map<string, Series & { readonly points: Point[] }>();
  for (const { cell, package: importPath, name, commit, measuredAt, metrics } of rows) {
    const measured = measuredMetricsSchema.safeParse(metrics).data ?? {};
    for (const [metric, values] of Object.entries(measured)) {
      if (!WATCHED.has(metric)) continue;
      const key = [cell, importPath, name, metric].join("\0");
      const known = series.get(key) ?? { cell, package: importPath, name, metric, points: [] };
      series.set(key, known);
      known.points.push({ commit, measuredAt: measuredAt.toISOString(), ...values });
    }
  }
  return [...series.values()].map((one) => ({ ...one, points: one.points.slice(-WINDOW) }));
}

/** A metric of a report, as far as history keeps it. */
type ReportedMetric = {
  readonly name: string;
  readonly head: number;
  readonly change: number | null;
  readonly p: number;
  readonly spread?: number | undefined;
};

/** What is kept of a benchmark that a push to main measured. */
export function metricsToKeep(metrics: readonly ReportedMetric[]): MeasuredMetrics {
  const usable = metrics.filter(
    ({ name, head }) => head > 0 || (head === 0 && !name.endsWith("sec/op")),
  );
  return Object.fromEntries(
    usable.map(({ name, head, change, p, spread = 0 }) => [
      name,
      { value: head, change, p, spread },
    ]),
  );
}

/** A history without any commit: what is known of a machine that measured nothing yet. */
export function emptyHistory(machine: string): History {
  return { schema: "tailguard.history/1", machine, series: [], misfires: [] };
}
