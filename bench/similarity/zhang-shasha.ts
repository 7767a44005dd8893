// The peer: plain tree edit distance (Zhang and Shasha, SIAM J. Comput. 18, 1989), unit costs,
// over call stacks as trees: a node a frame, with its package, receiver and words of its name
// and the frame it calls as children. Typed arrays, and everything about one tree is worked out
// once, so that it is not slower than it must be.
import { FRAMES_MAX } from "../../src/similarity/embed-stack.ts";
import { frameParts } from "../../src/similarity/frame-features.ts";

export type PostorderTree = {
  /** By postorder, numbered so that equal labels are equal numbers. */
  readonly labels: Int32Array;
  /** Place of the leftmost leaf below each node. */
  readonly leftmost: Int32Array;
  readonly keyRoots: readonly number[];
};

/** Makes trees of stacks, leaf first; all must come from one maker. */
export function createTreeMaker(): (names: readonly string[]) => PostorderTree {
  const numbers = new Map<string, number>();
  const numberOf = (label: string): number => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  };
  return (names) => {
    const labels: number[] = [];
    const leftmost: number[] = [];
    const kept = names.slice(0, FRAMES_MAX);
    // The leaf is the deepest node: children come before their parent, callees before words.
    for (const name of kept) {
      const parts = frameParts(name);
      const start = labels.length === 0 ? 0 : (leftmost.at(-1) as number);
      for (const word of [parts.package, parts.receiver, ...parts.words]) {
        leftmost.push(labels.length);
        labels.push(numberOf(word));
      }
      leftmost.push(start);
      labels.push(numberOf("frame"));
    }
    const keyRoots = [...new Map(leftmost.map((left, at) => [left, at])).values()];
    keyRoots.sort((one, other) => one - other);
    return { labels: Int32Array.from(labels), leftmost: Int32Array.from(leftmost), keyRoots };
  };
}

export function treeDistance(one: PostorderTree, other: PostorderTree): number {
  const [n, m] = [one.labels.length, other.labels.length];
  const trees = new Int32Array(n * m);
  const forest = new Int32Array((n + 1) * (m + 1));
  for (const i of one.keyRoots) {
    for (const j of other.keyRoots) forestDistance(one, other, { i, j, trees, forest });
  }
  return n * m === 0 ? n + m : (trees.at(-1) as number);
}

function forestDistance(
  one: PostorderTree,
  other: PostorderTree,
  at: {
    readonly i: number;
    readonly j: number;
    readonly trees: Int32Array;
    readonly forest: Int32Array;
  },
): void {
  const { i, j, trees, forest } = at;
  const m = other.labels.length;
  const [left, top] = [one.leftmost[i]!, other.leftmost[j]!];
  const [rows, columns] = [i - left + 1, j - top + 1];
  const width = columns + 1;
  for (let x = 0; x <= rows; x++) forest[x * width] = x;
  for (let y = 0; y <= columns; y++) forest[y] = y;
  for (let x = 1; x <= rows; x++) {
    const a = left + x - 1;
    for (let y = 1; y <= columns; y++) {
      const b = top + y - 1;
      const edit = Math.min(forest[(x - 1) * width + y]!, forest[x * width + y - 1]!) + 1;
      if (one.leftmost[a] === left && other.leftmost[b] === top) {
        const change = one.labels[a] === other.labels[b] ? 0 : 1;
        const cost = Math.min(edit, forest[(x - 1) * width + y - 1]! + change);
        forest[x * width + y] = cost;
        trees[a * m + b] = cost;
      } else {
        const before = (one.leftmost[a]! - left) * width + other.leftmost[b]! - top;
        forest[x * width + y] = Math.min(edit, forest[before]! + trees[a * m + b]!);
      }
    }
  }
}
