// Where the limits of src/similarity come from: cosines, ranks and distances of refactored stacks
// and what they were made of, on modules held out from both training and test.
import { cosine, createEmbedding } from "../../src/similarity/embed-stack.ts";
import { createStackDistance } from "../../src/similarity/stack-distance.ts";
import { nearestRank } from "../../src/stats/quantile.ts";
import type { Random } from "../../src/stats/random.ts";
import { REFACTORINGS, refactor } from "./refactor-stacks.ts";
import { readStacks } from "./stack-set.ts";

const ROUNDS = 20;
/** Refactored stacks of one round: a function on most stacks must not be all there is. */
const STACKS_MAX = 10;

export function heldOutFigures(random: Random) {
  const embed = createEmbedding();
  const distanceOf = createStackDistance();
  const [cosines, distances, ranks] = [[] as number[], [] as number[], [] as number[]];
  const [otherCosines, otherDistances] = [[] as number[], [] as number[]];
  for (const { stacks } of readStacks("held out")) {
    const embedded = stacks.map(embed);
    const rounds = REFACTORINGS.flatMap((kind) => Array.from({ length: ROUNDS }, () => kind));
    const made = rounds.flatMap((kind) => refactor(stacks, kind, random).slice(0, STACKS_MAX));
    for (const { stack, origin } of made) {
      const query = embed(stack);
      const all = embedded.map((other) => cosine(query, other));
      const own = all[origin]!;
      cosines.push(own);
      ranks.push(1 + all.filter((other) => other > own).length);
      for (const [at, other] of stacks.entries()) {
        const distance = distanceOf(stack, other);
        (at === origin ? distances : otherDistances).push(distance);
        if (at !== origin) otherCosines.push(all[at]!);
      }
    }
  }
  return {
    stacks: cosines.length,
    worstRank: Math.max(...ranks),
    cosineP1: nearestRank(cosines, 0.01),
    otherCosineP50: nearestRank(otherCosines, 0.5),
    distanceP99: nearestRank(distances, 0.99),
    otherDistanceP5: nearestRank(otherDistances, 0.05),
  };
}
