// The shift function: how much slower is head at each percentile of single operations (Doksum 1974,
// Annals of Statistics 2)? It shows whether all operations moved, some, or only the slowest.
//
// Read from the merged latencies of all processes, which hold the tail that one process is too short
// for. Without intervals, on purpose: operations of one process share its luck, so bands drawn from
// thousands of operations would claim a certainty that thirty processes do not have. The verdict
// comes from pairs; this describes a benchmark that it called moved.
import type { Evidence } from "../../evidence/evidence.ts";
import type { LatencyDistribution } from "../../evidence/latency-log.ts";
import { type Histogram, quantile } from "../../hdr/histogram.ts";
import { latencyAt } from "../../hdr/latency.ts";
import type { ShiftFinding, ShiftPoint } from "../finding.ts";
import type { BenchmarkId } from "../subject.ts";

/** 5 to 95 % in steps of 5, then the tail. */
const QUANTILES = [...Array.from({ length: 19 }, (_, at) => (at + 1) / 20), 0.99, 0.999];
/** As for a process: fewer operations beyond a quantile do not tell it. */
const OPERATIONS_BEYOND = 50;

/** For each of the benchmarks whose latencies were kept on both sides, in the order given. */
export function describeShifts(
  { packages }: Evidence,
  benchmarks: readonly BenchmarkId[],
): ShiftFinding[] {
  return benchmarks.flatMap((benchmark) => {
    const kept = packages.find(
      ({ record }) => record.cell === benchmark.cell && record.importPath === benchmark.package,
    )?.latencies;
    const base = kept?.base.find((at) => at.benchmark === benchmark.name);
    const head = kept?.head.find((at) => at.benchmark === benchmark.name);
    if (base === undefined || head === undefined) return [];
    const points = pointsOf(base, head);
    if (points.length === 0) return [];
    const count = (side: LatencyDistribution) => (side.singles ?? side.batches).totalCount;
    return [
      {
        kind: "shift",
        benchmark,
        points,
        baseOperations: count(base),
        headOperations: count(head),
      },
    ];
  });
}

const NONE: Histogram = {
  significantDigits: 3,
  highestTrackableValue: 2 ** 50 - 1,
  indexes: [],
  counts: [],
  totalCount: 0,
};

function pointsOf(base: LatencyDistribution, head: LatencyDistribution): ShiftPoint[] {
  // One median for both, so that a quantile is read from the same kind of histogram on both sides.
  const medianPs = Math.min(quantile(base.batches, 0.5), quantile(head.batches, 0.5));
  const at = (side: LatencyDistribution, q: number) =>
    latencyAt({ medianPs, batches: side.batches, singles: side.singles ?? NONE }, q);
  return QUANTILES.flatMap((q): ShiftPoint[] => {
    const [onBase, onHead] = [at(base, q), at(head, q)];
    if (onBase === undefined || onHead === undefined || onBase.from !== onHead.from) return [];
    const beyond = [base, head].map((side) => (side[onBase.from]?.totalCount ?? 0) * (1 - q));
    // The slack is for 1 - 0.999, which is a rounding away from a thousandth.
    if (Math.min(...beyond) < OPERATIONS_BEYOND - 1e-6 || onBase.valueNs <= 0) return [];
    return [
      {
        quantile: q,
        base: onBase.valueNs / 1e9,
        head: onHead.valueNs / 1e9,
        change: onHead.valueNs / onBase.valueNs - 1,
      },
    ];
  });
}
