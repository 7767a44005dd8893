// Trains the projection of src/similarity and writes it, with where it comes from, to model.ts.
//
//   npx tsx script/train-similarity.ts [--steps 800] [--seed 1]
//
// Contrastive (InfoNCE, van den Oord et al. 2018): of a batch of stacks of one module, each must be
// nearest to what a refactoring made of it. Stacks of one module are the hard negatives, and what the
// search will see. Only training modules of bench/similarity/stack-set.ts are read. Adam (Kingma
// and Ba 2015) with its usual constants.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { REFACTORINGS, refactor } from "../bench/similarity/refactor-stacks.ts";
import { readSet, readStacks } from "../bench/similarity/stack-set.ts";
import { DIMENSIONS, FRAMES_MAX, placeWeight } from "../src/similarity/embed-stack.ts";
import { FEATURE_COUNT, frameFeatures, frameParts } from "../src/similarity/frame-features.ts";
import { nextFloat, pick, seededRandom, shuffle } from "../src/stats/random.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "800" },
    seed: { type: "string", default: "1" },
  },
});
const BATCH = 32;
const TEMPERATURE = 0.1;
const RATE = 0.002;

type Embedded = {
  readonly features: ReadonlyMap<number, number>;
  readonly unit: Float64Array;
  readonly length: number;
};

const random = seededRandom(Number(values.seed));
const size = FEATURE_COUNT * DIMENSIONS;
const weights = new Float64Array(size).map(
  () => (nextFloat(random) + nextFloat(random) + nextFloat(random) - 1.5) / 4,
);
const [first, second] = [new Float64Array(size), new Float64Array(size)];
const known = new Map<string, ReturnType<typeof frameFeatures>>();

function embed(names: readonly string[]): Embedded {
  const features = new Map<number, number>();
  for (const [at, name] of names.slice(0, FRAMES_MAX).entries()) {
    let own = known.get(name);
    if (own === undefined) {
      own = frameFeatures(frameParts(name));
      known.set(name, own);
    }
    for (const { index, value } of own) {
      features.set(index, (features.get(index) ?? 0) + value * placeWeight(at));
    }
  }
  const sum = new Float64Array(DIMENSIONS);
  for (const [index, value] of features) {
    for (let d = 0; d < DIMENSIONS; d++) sum[d]! += value * weights[index * DIMENSIONS + d]!;
  }
  const length = Math.sqrt(dot(sum, sum)) || 1;
  return { features, unit: sum.map((value) => value / length), length };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < DIMENSIONS; d++) sum += a[d]! * b[d]!;
  return sum;
}

/** Adds the gradient with respect to the weights of one embedding. */
function addGradient(of: Embedded, towards: Float64Array, gradient: Float64Array): void {
  const along = dot(of.unit, towards);
  const local = towards.map((value, d) => (value - along * of.unit[d]!) / of.length);
  for (const [index, value] of of.features) {
    for (let d = 0; d < DIMENSIONS; d++) gradient[index * DIMENSIONS + d]! += value * local[d]!;
  }
}

function contrast(
  anchors: readonly Embedded[],
  targets: readonly Embedded[],
  gradient: Float64Array,
) {
  let loss = 0;
  const back = targets.map(() => new Float64Array(DIMENSIONS));
  for (const [i, anchor] of anchors.entries()) {
    const logits = targets.map((target) => dot(anchor.unit, target.unit) / TEMPERATURE);
    const top = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - top));
    const total = powers.reduce((sum, power) => sum + power, 0);
    loss -= Math.log(powers[i]! / total) / anchors.length;
    const towards = new Float64Array(DIMENSIONS);
    for (const [j, target] of targets.entries()) {
      const pull = (powers[j]! / total - (i === j ? 1 : 0)) / TEMPERATURE / anchors.length;
      for (let d = 0; d < DIMENSIONS; d++) {
        towards[d]! += pull * target.unit[d]!;
        back[j]![d]! += pull * anchor.unit[d]!;
      }
    }
    addGradient(anchor, towards, gradient);
  }
  for (const [j, target] of targets.entries()) addGradient(target, back[j]!, gradient);
  return loss;
}

function update(gradient: Float64Array, step: number): void {
  for (let at = 0; at < size; at++) {
    first[at] = 0.9 * first[at]! + 0.1 * gradient[at]!;
    second[at] = 0.999 * second[at]! + 0.001 * gradient[at]! ** 2;
    const mean = first[at]! / (1 - 0.9 ** step);
    weights[at]! -= (RATE * mean) / (Math.sqrt(second[at]! / (1 - 0.999 ** step)) + 1e-8);
  }
}

const modules = readStacks("training").filter(({ stacks }) => stacks.length >= BATCH);
for (let step = 1; step <= Number(values.steps); step++) {
  const { stacks } = pick(random, modules);
  const pairs = Array.from({ length: 4 }, () =>
    refactor(stacks, pick(random, REFACTORINGS), random),
  );
  const batch = shuffle(random, pairs.flat()).slice(0, BATCH);
  const distinct = [...new Map(batch.map((pair) => [pair.origin, pair])).values()];
  if (distinct.length < 4) continue;
  const gradient = new Float64Array(size);
  const anchors = distinct.map(({ stack }) => embed(stack));
  const targets = distinct.map(({ origin }) => embed(stacks[origin] ?? []));
  const loss = contrast(anchors, targets, gradient);
  update(gradient, step);
  if (step % 100 === 0) console.log(`step ${step}: loss ${loss.toFixed(3)}`);
}

const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
const bytes = Buffer.from(
  Int8Array.from(weights, (weight) => Math.round((127 * weight) / largest)).buffer,
);
const set = readSet();
const trained = modules.map(({ path }) => {
  const module = set.modules.find((one) => one.path === path);
  return `//   ${path} ${module?.version} (${module?.stacks.length} stacks)`;
});
const text = `// Weights of the embedding of call stacks, made by \`npx tsx script/train-similarity.ts\`.
//
// Seed ${values.seed}, ${values.steps} steps, ${new Date().toISOString().slice(0, 10)}; ${set.toolchain}; trained on stacks of
${trained.join("\n")}
// ${FEATURE_COUNT} features of ${DIMENSIONS} signed bytes each; their scale does not matter to a cosine.

export const MODEL = {
  weights:
    "${bytes.toString("base64")}",
};
`;
writeFileSync(fileURLToPath(new URL("../src/similarity/model.ts", import.meta.url)), text);
