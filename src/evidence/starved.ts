// Was a process kept waiting for a processor? The rule is fixed here, beforehand, and the same for
// both sides: the collector repeats pairs by it, the analysis doubts runs by it.
import type { MeasuredProcess } from "./pair-text.ts";

// A process that only computes gets all the CPU time it asks for. One that sleeps or reads also has
// less CPU than wall time, but nobody takes the processor from it: hence both conditions. Four
// milliseconds is Linux's time slice, so a process that always has a rival is switched 125 times
// a second; 25 is a fifth of that.
const STARVED_CPU_SHARE = 0.8;
const STARVED_SWITCHES_PER_SECOND = 25;

type ProcessCost = Pick<MeasuredProcess, "wallSec" | "cpuSec" | "involuntarySwitches">;

/** Whether the process had under 80 % of a processor and was often switched off one. */
export function isStarved(process: ProcessCost): boolean {
  return (
    process.wallSec > 0 &&
    cpuShare(process) < STARVED_CPU_SHARE &&
    process.involuntarySwitches / process.wallSec > STARVED_SWITCHES_PER_SECOND
  );
}

/** CPU time as a fraction of wall time; above 1 where several threads worked. */
export function cpuShare({ cpuSec, wallSec }: ProcessCost): number {
  return cpuSec / wallSec;
}
