// A call stack as 64 numbers, so that stacks that do nearly the same point in nearly one direction.
//
// A frame's features go through a learned projection (script/train-similarity.ts), and a stack is
// the sum of its 16 frames nearest to the leaf, the leaf heaviest. Being a sum, a frame's vector
// is worked out once for all stacks it is on. Order is left to stack-distance.ts.
import { FEATURE_COUNT, frameFeatures, frameParts } from "./frame-features.ts";
import { MODEL } from "./model.ts";

export const DIMENSIONS = 64;
/** Frames from the leaf that are read. */
export const FRAMES_MAX = 16;

/** Weights of one feature after the other, DIMENSIONS each. */
type Projection = Float32Array;

/** What the frame at a place, 0 for the leaf, counts: half as much eight frames up. */
export function placeWeight(at: number): number {
  return 1 / (1 + at / 8);
}

/** Embeds stacks of function names, leaf first; unit length, or all 0 for no frames. */
export function createEmbedding(): (names: readonly string[]) => Float32Array {
  const projection = shippedProjection();
  const known = new Map<string, Float32Array>();
  const vectorOf = (name: string): Float32Array => {
    let vector = known.get(name);
    if (vector === undefined) {
      vector = project(name, projection);
      known.set(name, vector);
    }
    return vector;
  };
  return (names) => {
    const sum = new Float32Array(DIMENSIONS);
    const length = Math.min(names.length, FRAMES_MAX);
    for (let at = 0; at < length; at++) {
      const vector = vectorOf(names[at] as string);
      const weight = placeWeight(at);
      for (let d = 0; d < DIMENSIONS; d++) {
        sum[d] = (sum[d] as number) + weight * (vector[d] as number);
      }
    }
    return toUnitLength(sum);
  };
}

/** Cosine of two embeddings, from -1 to 1. */
export function cosine(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let d = 0; d < DIMENSIONS; d++) product += (one[d] as number) * (other[d] as number);
  return product;
}

function project(name: string, projection: Projection): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const { index, value } of frameFeatures(frameParts(name))) {
    for (let d = 0; d < DIMENSIONS; d++) {
      const weight = projection[index * DIMENSIONS + d] as number;
      vector[d] = (vector[d] as number) + value * weight;
    }
  }
  return vector;
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.sqrt(cosine(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function shippedProjection(): Projection {
  const bytes = Buffer.from(MODEL.weights, "base64");
  const weights = new Float32Array(FEATURE_COUNT * DIMENSIONS);
  for (let at = 0; at < weights.length; at++) weights[at] = bytes.readInt8(at);
  return weights;
}
