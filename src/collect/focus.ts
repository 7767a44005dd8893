// Which benchmarks get the next pairs when there is not enough time for all?
//
// Where the time left does not give every open benchmark the pairs that prove a clear change, a few
// pairs each would answer nothing for anybody. So the time goes to those that seem to have moved
// most, and is dealt out anew after every round: one that only looked moved falls back and makes
// room. That a benchmark's pairs then depend on its own outcomes is what an e-process allows; a
// test for a fixed number of pairs is not valid there.

export type Candidate = {
  /** How far it seems to have moved, in thresholds. */
  readonly effect: number;
  /** Further pairs that would prove it, at least 1. */
  readonly pairs: number;
};

export type TimeLeft = {
  readonly leftMs: number;
  /** What a pair of an average candidate takes. */
  readonly pairMs: number;
};

/** The candidates that the time is enough for, those that moved most first; at least one. */
export function focusOn<C extends Candidate>(candidates: readonly C[], time: TimeLeft): C[] {
  // Not a subtraction: infinite effects are equal.
  const byEffect = [...candidates].sort((one, other) =>
    one.effect === other.effect ? 0 : other.effect - one.effect,
  );
  let leftMs = time.leftMs;
  return byEffect.filter((candidate, index) => {
    leftMs -= candidate.pairs * time.pairMs;
    return index === 0 || leftMs >= 0;
  });
}
