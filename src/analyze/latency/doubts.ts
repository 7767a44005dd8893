// What a person should know before believing a number: printed beside it, never instead of it.
import type { BenchmarkPairs } from "../../evidence/pair-text.ts";
import { cpuShare, isStarved } from "../../evidence/starved.ts";
import type { PairComparison } from "./compare-pairs.ts";

// Five pairs cannot hold 95 %, six can.
const FEWEST_PAIRS = 6;
// A half width above 5 %: changes that teams care about disappear in it.
const WIDE = 0.05;
// Below one process in five the p10 and the ranks shrug it off.
const STARVED_FRACTION = 0.2;

/** Doubts about one benchmark's run, whatever the metric. */
export function doubtsAboutRun({ pairs, incomplete }: BenchmarkPairs): string[] {
  const doubts: string[] = [];
  if (pairs.length < FEWEST_PAIRS) {
    doubts.push(
      `${count(pairs.length, "pair")}: at least ${FEWEST_PAIRS} are needed for a 95 % interval`,
    );
  }
  if (incomplete > 0) {
    doubts.push(`${count(incomplete, "pair")} left out: only one side has results`);
  }
  const processes = pairs.flatMap(({ base, head }) => [base, head]);
  const starved = processes.filter(isStarved);
  if (starved.length > processes.length * STARVED_FRACTION) {
    const worst = Math.min(...starved.map(cpuShare));
    doubts.push(
      `machine too busy: ${starved.length} of ${processes.length} processes waited for a processor` +
        ` (CPU time at worst ${Math.round(100 * worst)} % of wall time)`,
    );
  }
  return doubts;
}

/** Doubts about one metric's comparison. */
export function doubtsAboutComparison({ low, high, level }: PairComparison): string[] {
  const half = (high - low) / 2;
  if (!Number.isFinite(half) || half <= WIDE) return [];
  return [
    `wide ${Math.round(1000 * level) / 10} % interval: ±${(100 * half).toFixed(1)} % hides smaller changes`,
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
