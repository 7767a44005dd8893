// What a person should know before believing a number: printed beside it, never instead of it.
import type { BenchmarkPairs } from "../../evidence/pair-text.ts";
import { cpuShare, isStarved } from "../../evidence/starved.ts";

// Five pairs cannot hold 95 %, six can.
const FEWEST_PAIRS = 6;
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
  return doubts;
}

/**
 * What a busy machine did to the whole run; undefined where it was not busy. Said once: on such a
 * machine it is true of every benchmark.
 */
export function doubtAboutMachine(measured: readonly BenchmarkPairs[]): string | undefined {
  const processes = measured.flatMap(({ pairs }) =>
    pairs.flatMap(({ base, head }) => [base, head]),
  );
  const starved = processes.filter(isStarved);
  if (starved.length <= processes.length * STARVED_FRACTION) return undefined;
  const shares = starved.map(cpuShare).sort((one, other) => one - other);
  return (
    `The machine was busy: ${starved.length} of ${processes.length} processes waited for a processor` +
    ` (CPU time at worst ${Math.round(100 * (shares[0] ?? 0))} % of wall time). Intervals are wider for it, and more is unknown.`
  );
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
