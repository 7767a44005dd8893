// Did a function's or a path's cost move between two CPU profiles, beyond what sampling explains?
// For fewer than three profiles a side, where the spread between runs is not known; with more of
// them compare-runs.ts decides.
//
// Two questions, and both must say yes in the same direction:
// - share: a two-proportion z-test on sample counts. Shares of one binary over repeated runs spread
//   as a binomial does (measured: a 20-30 % share over runs of 300 samples has a standard deviation
//   of 2 points, the binomial's), and a slower machine does not move them.
// - cost per operation: given the count of both sides together, the head's part is binomial with
//   p = its part of the exposure (operations per sampling period), the usual test for two Poisson
//   rates. Shares alone cannot do: they sum to one, so that one stack that grew makes all the others
//   shrink. Cost alone cannot do: one profile on a slower machine moves every stack.
// A function that is most of the profile by itself can grow with hardly a change of its share: for
// such a one cost alone has to do (`wholeMoved`), and a slower machine looks the same.
//
// Counts of one run a side say nothing of the spread between runs, so z comes with limits on
// the size of the move. What passes is an explanation for a change that pairs of processes showed,
// never its proof. The test for many profiles a side (quasi-Poisson) is another one.

/** Samples of one side and how many there would be if everything cost one period per operation. */
export type SideExposure = {
  readonly samples: number;
  /** Operations done, divided by the sampling period in nanoseconds. */
  readonly exposure: number;
};

export type Sides = { readonly base: SideExposure; readonly head: SideExposure };

export type Counts = { readonly base: number; readonly head: number };

/**
 * Two-sided p of 0.0005 for each of two tests that must agree. Equal profiles of 60 functions then
 * show any move in about 1 % of the pairs; with z >= 3 it was 7 % (simulated in move.test.ts).
 */
const Z_MIN = 3.5;
/** One percentage point of the profile: a smaller move explains no change that is reported. */
export const SHARE_CHANGE_MIN = 0.01;
/**
 * CPU per operation of one binary differs by 3 % between runs on a shared machine, 7 % for the
 * worst benchmark; a part of it that moved less may not have moved at all.
 */
const COST_CHANGE_MIN = 0.1;
/** From here on a share cannot show growth any more: doubling 1/2 gives 2/3, doubling 0.9, 0.95. */
const DOMINANT_SHARE = 0.5;

export type Move = {
  readonly baseShare: number;
  readonly headShare: number;
  /** Nanoseconds of CPU per operation, head less base. */
  readonly costChangeNs: number;
  /** Beyond chance, and by enough to explain something. */
  readonly moved: boolean;
  /** Of pooled samples: it is most of the profile on both sides, and its cost moved. */
  readonly wholeMoved: boolean;
};

/** Shares and cost of one function or path, before anything is said of them. */
export function moveOf(counts: Counts, { base, head }: Sides): Move {
  return {
    baseShare: counts.base / base.samples,
    headShare: counts.head / head.samples,
    costChangeNs: counts.head / head.exposure - counts.base / base.exposure,
    moved: false,
    wholeMoved: false,
  };
}

/** Compares the samples of one function or path, of all samples of both sides. */
export function compareCounts(counts: Counts, sides: Sides): Move {
  const { base, head } = sides;
  const move = moveOf(counts, sides);
  const { baseShare, headShare, costChangeNs } = move;
  const direction = Math.sign(costChangeNs);
  const [baseNs, headNs] = [counts.base / base.exposure, counts.head / head.exposure];
  const profileNs = Math.max(base.samples / base.exposure, head.samples / head.exposure);
  const costMoved =
    direction * costZ(counts, sides) >= Z_MIN &&
    Math.abs(costChangeNs) >= COST_CHANGE_MIN * Math.min(baseNs, headNs) &&
    Math.abs(costChangeNs) >= SHARE_CHANGE_MIN * profileNs;
  const shareMoved =
    direction * shareZ(counts, sides) >= Z_MIN &&
    Math.abs(headShare - baseShare) >= SHARE_CHANGE_MIN;
  const dominant = Math.min(baseShare, headShare) >= DOMINANT_SHARE;
  return { ...move, moved: costMoved && shareMoved, wholeMoved: costMoved && dominant };
}

/** Two-proportion z with the pooled variance; 0 where there is nothing to compare. */
function shareZ(counts: Counts, { base, head }: Sides): number {
  const pooled = (counts.base + counts.head) / (base.samples + head.samples);
  const variance = pooled * (1 - pooled) * (1 / base.samples + 1 / head.samples);
  if (variance === 0) return 0;
  return (counts.head / head.samples - counts.base / base.samples) / Math.sqrt(variance);
}

/** z of the head's part of all samples against its part of the exposure. */
function costZ(counts: Counts, { base, head }: Sides): number {
  const all = counts.base + counts.head;
  const expected = head.exposure / (base.exposure + head.exposure);
  if (all === 0) return 0;
  return (counts.head - all * expected) / Math.sqrt(all * expected * (1 - expected));
}
