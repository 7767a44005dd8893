// What to run of a package once it is known what the change can reach: the affected benchmarks,
// and of the others a few as negative controls. A control runs the very same code on both sides:
// where it moves, the machine or the layout of the code moved, and the run must not accuse.
import { type Random, shuffle } from "../stats/random.ts";
import type { Affected } from "./affected.ts";

export type Selection = {
  /** Affected functions and controls: all that is run. */
  readonly measured: ReadonlySet<string>;
  readonly controls: ReadonlySet<string>;
  /** Functions that are not run. */
  readonly skipped: readonly string[];
};

/** Each costs as much time as a benchmark that may have changed; three differ enough in kind. */
const MOST_CONTROLS = 3;

/**
 * Chooses by the seed. A package with nothing affected has no controls: they would answer for
 * decisions that nobody has to take.
 */
export function selectBenchmarks(
  functions: readonly string[],
  affected: Affected,
  random: Random,
): Selection {
  const reached = functions.filter((name) => affected.reasons.has(name));
  const others = functions.filter((name) => !affected.reasons.has(name));
  const chosen = reached.length === 0 ? [] : shuffle(random, others).slice(0, MOST_CONTROLS);
  const controls = new Set(chosen);
  return {
    measured: new Set([...reached, ...controls]),
    controls,
    skipped: others.filter((name) => !controls.has(name)),
  };
}
