// Trees from words: `treeOf(words, "Root(Block(Call:g Local:x#0))")`. A node is a kind, a label
// after a colon, the number of a local after "#", and its children in parentheses.
import { newWords, numberOf, type Tree, type Words } from "../../src/goast/tree.ts";

export function treeOf(words: Words, text: string): Tree {
  const columns = { kind: [], label: [], binding: [], end: [], parent: [] } as Record<
    "kind" | "label" | "binding" | "end" | "parent",
    number[]
  >;
  const open: number[] = [];
  for (const [, word, opens, close] of text.matchAll(/([^\s()]+)(\(?)|(\))/g)) {
    if (close !== undefined) {
      columns.end[open.pop() ?? 0] = columns.kind.length;
      continue;
    }
    const [, kind = "", label = "", binding] =
      /^([^:#]+)(?::([^#]*))?(?:#(\d+))?$/.exec(word ?? "") ?? [];
    const node = columns.kind.push(numberOf(words, kind)) - 1;
    columns.label.push(numberOf(words, label));
    columns.binding.push(binding === undefined ? -1 : Number(binding));
    columns.parent.push(open.at(-1) ?? -1);
    columns.end.push(node + 1);
    if (opens !== "") open.push(node);
  }
  return withColumns(words, columns);
}

function withColumns(words: Words, columns: Record<string, number[]>): Tree {
  const column = (name: string) => Int32Array.from(columns[name] ?? []);
  const size = columns.kind?.length ?? 0;
  return {
    words,
    size,
    kind: column("kind"),
    label: column("label"),
    fact: new Int32Array(size),
    binding: column("binding"),
    line: new Int32Array(size).fill(1),
    end: column("end"),
    parent: column("parent"),
  };
}

/** Two trees that share their words. */
export function treesOf(base: string, head: string): { readonly base: Tree; readonly head: Tree } {
  const words = newWords();
  return { base: treeOf(words, base), head: treeOf(words, head) };
}

/**
 * A tree as the probe writes it, and the words it numbers.
 * @param known words of a file that holds the tree's own.
 */
export function encodedTree(
  text: string,
  known: readonly string[] = [],
): { readonly tree: string; readonly words: string[] } {
  const words = newWords();
  for (const word of known) numberOf(words, word);
  const tree = treeOf(words, text);
  const bytes: number[] = [];
  const put = (value: number) => {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    bytes.push(rest);
  };
  for (let node = 0; node < tree.size; node++) {
    put(tree.kind[node] ?? 0);
    put(tree.label[node] ?? 0);
    put(0);
    put((tree.binding[node] ?? -1) + 1);
    put(node === 0 ? 2 : 0);
    put((tree.end[node] ?? 0) - node);
  }
  return { tree: Buffer.from(bytes).toString("base64"), words: words.list };
}
