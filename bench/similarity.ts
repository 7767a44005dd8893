// Do refactored call stacks find what they were, and how fast, beside plain tree edit distance?
//
//   script/bench similarity [--rounds 40] [--seed 7]
//
// Stacks of modules that the embedding was not trained on (bench/similarity/stack-set.ts), each of
// six refactorings done to one function of a module in every round. A refactored stack searches all
// stacks of its module; it is found when the very stack it was made of is among the first one or three.
// Times are per comparison, a query against one stack, embedding of both sides included, for 50
// queries; medians and quartiles over 9 repetitions, both methods by turns.
import { parseArgs } from "node:util";
import { createStackSearch } from "../src/similarity/nearest-stacks.ts";
import { nearestRank } from "../src/stats/quantile.ts";
import { type Random, seededRandom, shuffle } from "../src/stats/random.ts";
import { REFACTORINGS, type RefactoredStack, refactor } from "./similarity/refactor-stacks.ts";
import { readStacks } from "./similarity/stack-set.ts";
import { heldOutFigures } from "./similarity/thresholds.ts";
import { createTreeMaker, treeDistance } from "./similarity/zhang-shasha.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "40" },
    seed: { type: "string", default: "7" },
  },
});
const REPETITIONS = 9;
const QUERIES = 50;

type Module = ReturnType<typeof readStacks>[number];

function recall(modules: readonly Module[], random: Random) {
  const all = { searched: 0, first: 0, three: 0 };
  for (const kind of REFACTORINGS) {
    const own = { searched: 0, first: 0, three: 0 };
    for (const { stacks } of modules) {
      const search = createStackSearch(stacks);
      for (let round = 0; round < Number(values.rounds); round++) {
        for (const { stack, origin } of shuffle(random, refactor(stacks, kind, random)).slice(
          0,
          20,
        )) {
          const at = search(stack, 3).findIndex(({ index }) => index === origin);
          own.searched++;
          if (at === 0) own.first++;
          if (at >= 0) own.three++;
        }
      }
    }
    print(kind, own);
    for (const key of ["searched", "first", "three"] as const) all[key] += own[key];
  }
  print("all", all);
  return all;
}

function print(name: string, found: { searched: number; first: number; three: number }): void {
  const percent = (part: number) => `${((100 * part) / found.searched).toFixed(1)} %`.padStart(9);
  const count = String(found.searched).padStart(9);
  console.log(`${name.padEnd(10)}${count}${percent(found.first)}${percent(found.three)}`);
}

function percentOf(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

/** Milliseconds of one comparison, by ours and by plain tree edit distance. */
function time(stacks: Module["stacks"], queries: readonly RefactoredStack[]): [number, number] {
  const comparisons = queries.length * stacks.length;
  const start = performance.now();
  const search = createStackSearch(stacks);
  for (const { stack } of queries) search(stack, 3);
  const middle = performance.now();
  const treeOf = createTreeMaker();
  const trees = stacks.map(treeOf);
  for (const { stack } of queries) {
    const tree = treeOf(stack);
    for (const other of trees) treeDistance(tree, other);
  }
  return [(middle - start) / comparisons, (performance.now() - middle) / comparisons];
}

const modules = readStacks("test");
/** How often plain tree edit distance alone has the origin among its first three. */
function plainTop3(stacks: Module["stacks"], queries: readonly RefactoredStack[]): number {
  const treeOf = createTreeMaker();
  const trees = stacks.map(treeOf);
  const found = queries.filter(({ stack, origin }) => {
    const tree = treeOf(stack);
    const ranked = trees.map((other, index) => ({ index, distance: treeDistance(tree, other) }));
    ranked.sort((one, other) => one.distance - other.distance);
    return ranked.slice(0, 3).some(({ index }) => index === origin);
  });
  return found.length / queries.length;
}

const random = seededRandom(Number(values.seed));
const sizes = modules.map(({ path, stacks }) => `${path} (${stacks.length})`).join(", ");
console.log(`Stacks of ${sizes}\n`);
console.log("refactored  searched      @1       @3");
const all = recall(modules, random);

const largest = [...modules].sort((one, other) => other.stacks.length - one.stacks.length)[0]!;
const made = REFACTORINGS.flatMap((kind) => refactor(largest.stacks, kind, random));
const queries = shuffle(random, made).slice(0, QUERIES);
const times = Array.from({ length: REPETITIONS }, () => time(largest.stacks, queries));
const spread = (figures: readonly number[]) => {
  const sorted = [...figures].sort((one, other) => one - other);
  return [0.5, 0.25, 0.75].map((part) => nearestRank(sorted, part)) as [number, number, number];
};
const ours = spread(times.map(([own]) => own));
const plain = spread(times.map(([, peer]) => peer));
const ratio = spread(times.map(([own, peer]) => peer / own));
const microseconds = ([mid, low, high]: readonly [number, number, number]) =>
  `${(1000 * mid).toFixed(2)} us (${(1000 * low).toFixed(2)} to ${(1000 * high).toFixed(2)})`;
console.log(
  `\n${queries.length} queries against ${largest.stacks.length} stacks of ${largest.path}`,
);
console.log(`search, a comparison              ${microseconds(ours)}`);
console.log(`plain tree edit distance          ${microseconds(plain)}`);
console.log(`ratio                             ${ratio.map((one) => one.toFixed(0)).join(", ")}`);
const search = createStackSearch(largest.stacks);
const ownFound = queries.filter(({ stack, origin }) =>
  search(stack, 3).some(({ index }) => index === origin),
).length;
console.log(
  `search, @3                            ${percentOf(ownFound / queries.length)} of these queries`,
);
const plainFound = plainTop3(largest.stacks, queries);
console.log(`plain tree edit distance, @3          ${percentOf(plainFound)} of these queries`);
console.log("\nHeld-out modules, from which the limits come:");
for (const [name, figure] of Object.entries(heldOutFigures(random))) {
  console.log(`${name.padEnd(18)}${Number.isInteger(figure) ? figure : figure.toFixed(3)}`);
}
console.log(
  JSON.stringify({
    top3: all.three / all.searched,
    top1: all.first / all.searched,
    milliseconds: ours[0],
    tedMilliseconds: plain[0],
    speedup: ratio[0],
    tedTop3: plainFound,
  }),
);
