// One number of base and head over pairs of processes: how much more of it there is, and how sure.
//
// The difference is in the number's own unit, because a wait of 0 on base has no ratio. The test
// takes each pair's difference by the mean size of its two values: it changes its sign and nothing
// else when base and head are exchanged, which is all that the bet and the signed-rank test ask.
// The bet runs over all pairs and holds whatever stopped them; how many confirm was fixed before.
import { addPair, eProcessP, startEProcess } from "../../stats/e-process.ts";
import { median } from "../../stats/quantile.ts";
import { signedRankTest } from "../../stats/signed-rank.ts";
import { walshInterval } from "../../stats/walsh.ts";

/** A pair's values, in the order measured. */
export type ValuePair = { readonly base: number; readonly head: number };

export type Comparison = {
  /** Medians over the processes of a side. */
  readonly base: number;
  readonly head: number;
  /** Head less base, with its 95 % interval, in the values' unit. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
};

/** Compares at least one pair of the first kind. */
export function compareValues(
  explored: readonly ValuePair[],
  confirming: readonly ValuePair[],
): Comparison {
  const all = [...explored, ...confirming];
  const { center, low, high } = walshInterval(all.map(({ base, head }) => head - base));
  const bet = all.map(relative).reduce(addPair, startEProcess());
  const once = confirming.length === 0 ? 1 : signedRankTest(confirming.map(relative)).p;
  return {
    base: median(all.map(({ base }) => base)),
    head: median(all.map(({ head }) => head)),
    difference: center,
    low,
    high,
    p: Math.min(1, 2 * Math.min(eProcessP(bet), once)),
  };
}

/** From -2 to 2 where both have one sign; 0 where they are equal. */
function relative({ base, head }: ValuePair): number {
  const size = (Math.abs(base) + Math.abs(head)) / 2;
  return size === 0 ? 0 : (head - base) / size;
}
