// The tree of one declaration, as the probe wrote it (probe/tree.go): flat columns in the order of
// the walk, because a pull request has millions of nodes and an object for each is ten times as
// large and as slow. The subtree of a node is the range from it to its end.
//
// Words are numbered once for all trees that are compared, so that equal texts are equal numbers.
// What the probe wrote is checked: a tree that is not well formed is none.

/** Numbers texts; the empty text is 0. */
export type Words = {
  readonly list: string[];
  readonly numbers: Map<string, number>;
  /** Of the words of each file, as it numbers them; -1 for those that were not needed yet. */
  readonly ofFiles: Map<readonly string[], Int32Array>;
};

export function newWords(): Words {
  return { list: [""], numbers: new Map([["", 0]]), ofFiles: new Map() };
}

/** The number of a text, which it gets where it has none. */
export function numberOf(words: Words, word: string): number {
  const known = words.numbers.get(word);
  if (known !== undefined) return known;
  words.numbers.set(word, words.list.length);
  return words.list.push(word) - 1;
}

export type Tree = {
  readonly words: Words;
  readonly size: number;
  /** Word of the node's kind: "Call", "For", "Local". */
  readonly kind: Int32Array;
  /** Word of its own text: an operator, a literal, a name; parts are told apart by NUL. */
  readonly label: Int32Array;
  /** Word of what it costs at run time (probe/facts.go); 0 for nothing known. */
  readonly fact: Int32Array;
  /** Number of the local it stands for, in the order of first mention; -1 for others. */
  readonly binding: Int32Array;
  /** Line in the file, from 1. */
  readonly line: Int32Array;
  /** First node after the subtree. */
  readonly end: Int32Array;
  /** -1 for the root. */
  readonly parent: Int32Array;
};

/** As maxTreeNodes in probe/limits.go. */
const MAX_NODES = 50_000;

/** @param fileWords the words of the file the tree stands in. Undefined where it is damaged. */
export function decodeTree(
  text: string,
  fileWords: readonly string[],
  words: Words,
): Tree | undefined {
  const bytes = Buffer.from(text, "base64");
  const columns = readColumns(bytes);
  if (columns === undefined) return undefined;
  const { size, kind, label, fact, binding, line, end } = columns;
  const known = words.ofFiles.get(fileWords) ?? new Int32Array(fileWords.length).fill(-1);
  words.ofFiles.set(fileWords, known);
  for (const column of [kind, label, fact]) {
    for (let node = 0; node < size; node++) {
      const local = at(column, node);
      let word = known[local];
      if (word === -1) {
        word = numberOf(words, fileWords[local] ?? "");
        known[local] = word;
      }
      if (word === undefined) return undefined;
      column[node] = word;
    }
  }
  const parent = parentsOf(end);
  return parent && { words, size, kind, label, fact, binding, line, end, parent };
}

type Columns = Pick<Tree, "size" | "kind" | "label" | "fact" | "binding" | "line" | "end">;

/** Six varints a node; kind, label and fact are still words of the file. The root's subtree is all. */
function readColumns(bytes: Uint8Array): Columns | undefined {
  const reader = { bytes, at: 0 };
  for (let number = 0; number < 5; number++) nextNumber(reader);
  const size = nextNumber(reader);
  if (size < 1 || size > MAX_NODES || size * 6 > bytes.length) return undefined;
  reader.at = 0;
  // One piece of memory: a pull request has thousands of trees.
  const block = new Int32Array(6 * size);
  const column = (index: number) => block.subarray(index * size, (index + 1) * size);
  const [kind, label, fact, binding] = [column(0), column(1), column(2), column(3)];
  const [line, end] = [column(4), column(5)];
  let lastLine = 0;
  for (let node = 0; node < size; node++) {
    kind[node] = nextNumber(reader);
    label[node] = nextNumber(reader);
    fact[node] = nextNumber(reader);
    binding[node] = nextNumber(reader) - 1;
    const zigzag = nextNumber(reader);
    lastLine += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    line[node] = lastLine;
    end[node] = node + nextNumber(reader);
  }
  return reader.at === bytes.length ? { size, kind, label, fact, binding, line, end } : undefined;
}

/** 28 bits hold every number the probe writes. */
const MOST_BITS = 28;

/** Where the bytes end, or a number is longer than the probe writes it, `at` goes beyond them. */
function nextNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  const { bytes } = reader;
  let value = 0;
  for (let shift = 0; shift < MOST_BITS && reader.at < bytes.length; shift += 7) {
    const byte = bytes[reader.at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  reader.at = bytes.length + 1;
  return 0;
}

/** Undefined where the subtrees are not nested in one root. */
function parentsOf(end: Int32Array): Int32Array | undefined {
  const parent = new Int32Array(end.length).fill(-1);
  /** The innermost subtree that is open; its parents are those around it. */
  let above = -1;
  for (let node = 0; node < end.length; node++) {
    while (above >= 0 && at(end, above) <= node) above = at(parent, above);
    const stop = at(end, node);
    if (stop <= node || stop > (above < 0 ? end.length : at(end, above))) return undefined;
    if (above < 0 && node > 0) return undefined;
    parent[node] = above;
    above = node;
  }
  return parent;
}

/** Nodes directly below a node, in order. */
export function childrenOf(tree: Tree, node: number): number[] {
  const children: number[] = [];
  for (let child = node + 1; child < at(tree.end, node); child = at(tree.end, child)) {
    children.push(child);
  }
  return children;
}

/** The number at an index that is known to be inside. */
export function at(column: Int32Array, index: number): number {
  return column[index] ?? 0;
}

export function kindOf(tree: Tree, node: number): string {
  return tree.words.list[at(tree.kind, node)] ?? "";
}

export function factOf(tree: Tree, node: number): string {
  return tree.words.list[at(tree.fact, node)] ?? "";
}

/** The texts of a node: its operator and its own name, say. */
export function labelOf(tree: Tree, node: number): string {
  return tree.words.list[at(tree.label, node)] ?? "";
}

/** The numbers of some texts, to find the nodes that have one of them; those that no tree has are left out. */
export function numbersOf(words: Words, texts: Iterable<string>): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const text of texts) {
    const number = words.numbers.get(text);
    if (number !== undefined) numbers.add(number);
  }
  return numbers;
}
