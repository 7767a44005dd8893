// How large a change does this run show where there is none? Pairs in which both processes ran
// the base binary answer it, on this machine and in these minutes.
//
// The noise pairs of one benchmark are few, so those of all benchmarks are pooled: their spread
// around 0 (1.4826 · median |d|, not moved by one bad process), divided by the root of the number
// of pairs a comparison rests on, times 2: nineteen in twenty changes of nothing stay below. It
// says nothing of code layout, because both processes are the same file.
import type { Evidence } from "../../evidence/evidence.ts";
import { joinPairs, readProcesses } from "../../evidence/pair-text.ts";
import { MAD_TO_SD, median } from "../../stats/quantile.ts";
import { METRICS, measuredPairs } from "./process-values.ts";

const STANDARD_ERRORS = 2;
// Fewer say nothing about a spread.
const FEWEST_PAIRS = 5;

/** Fraction by metric name, for times; a metric is absent where too few noise pairs were run. */
export function noiseFloor(evidence: Evidence): Readonly<Record<string, number>> {
  const groups = evidence.packages.flatMap(({ record, baseBench, headBench }) => {
    const cell = evidence.manifest.cells.find(({ id }) => id === record.cell);
    const base = readProcesses(baseBench).processes;
    const head = readProcesses(headBench).processes;
    return joinPairs({ base, head }, cell?.gomaxprocs ?? 1);
  });
  const explored = groups.filter(({ phase, pairs }) => phase === "explore" && pairs.length > 0);
  const noise = groups.filter(({ phase }) => phase === "noise").flatMap(({ pairs }) => pairs);
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
