// How large a change does this run show where there is none? Pairs in which both processes ran
// the base binary answer it, on this machine and in these minutes.
//
// The noise pairs of one benchmark are few, so those of all benchmarks are pooled: their spread
// around 0 (1.4826 · median |d|, not moved by one bad process), divided by the root of the number
// of pairs a comparison rests on, times 2: nineteen in twenty changes of nothing stay below. It
// says nothing of code layout, because both processes are the same file.
import type { PackagePairs } from "../../evidence/read-pairs.ts";
import { MAD_TO_SD, median } from "../../stats/quantile.ts";
import { comparablePairs, METRICS, measuredPairs } from "./process-values.ts";

const STANDARD_ERRORS = 2;
// Fewer say nothing about a spread.
const FEWEST_PAIRS = 5;

/** Fraction by metric name, for times; a metric is absent where too few noise pairs were run. */
export function noiseFloor(packages: readonly PackagePairs[]): Readonly<Record<string, number>> {
  const groups = packages.flatMap((package_) => package_.groups);
  const explored = groups.filter(({ phase, pairs }) => phase === "explore" && pairs.length > 0);
  const noise = groups
    .filter(({ phase }) => phase === "noise")
    .flatMap(({ pairs }) => comparablePairs(pairs));
  const floor: Record<string, number> = {};
  for (const metric of METRICS) {
    const magnitudes = measuredPairs(noise, metric).map(({ base, head }) =>
      Math.abs(Math.log(head / base)),
    );
    if (metric.isCount || magnitudes.length < FEWEST_PAIRS || explored.length === 0) continue;
    const spread = MAD_TO_SD * median(magnitudes);
    const pairs = median(explored.map((group) => group.pairs.length));
    floor[metric.name] = Math.expm1((STANDARD_ERRORS * spread) / Math.sqrt(pairs));
  }
  return floor;
}
