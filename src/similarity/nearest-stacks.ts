// Which stacks of the other side is this one, after frames were renamed, moved, inlined, wrapped?
//
// The embedding chooses a short list, the edit distance puts it in order: two stages, as the
// distance alone costs many times as much a comparison. Both limits are from modules that are in
// neither the training nor the test (`script/bench similarity` prints what they rest on). A near
// stack is no proof: siblings that differ in their leaf alone are as near as a refactored one.
import { cosine, createEmbedding } from "./embed-stack.ts";
import { createStackDistance } from "./stack-distance.ts";

export type NearStack = {
  /** Place in the list that was searched. */
  readonly index: number;
  readonly cosine: number;
  /** From 0, the same functions, to 1. */
  readonly distance: number;
};

/** Stacks the edit distance is worked out for. On held-out modules the worst origin came ninth. */
const SHORT_LIST = 16;
/** Held-out modules: 99 % of refactored stacks are above 0.7 to what they were, half of the others below 0.23. */
const COSINE_MIN = 0.6;

/** Searches `stacks`, names leaf first. Results are nearest first, `limit` at most. */
export function createStackSearch(
  stacks: readonly (readonly string[])[],
): (query: readonly string[], limit: number) => NearStack[] {
  const embed = createEmbedding();
  const distanceOf = createStackDistance();
  const embedded = stacks.map(embed);
  return (query, limit) => {
    const vector = embed(query);
    const short: { index: number; cosine: number }[] = [];
    for (let index = 0; index < embedded.length; index++) {
      const near = cosine(vector, embedded[index] as Float32Array);
      if (near < COSINE_MIN) continue;
      const last = short.at(-1);
      if (short.length === SHORT_LIST && last !== undefined && near <= last.cosine) continue;
      if (short.length === SHORT_LIST) short.pop();
      let at = short.length;
      while (at > 0 && (short[at - 1]?.cosine ?? 1) < near) at--;
      short.splice(at, 0, { index, cosine: near });
    }
    const found: NearStack[] = [];
    for (const { index, cosine: near } of short) {
      const bound = found.length < limit ? 1 : (found.at(-1)?.distance ?? 1);
      const distance = distanceOf(query, stacks[index] as readonly string[], bound);
      if (distance >= bound && found.length === limit) continue;
      found.push({ index, cosine: near, distance });
      found.sort((one, other) => one.distance - other.distance || other.cosine - one.cosine);
      found.length = Math.min(found.length, limit);
    }
    return found;
  };
}
