// A YAML text as a plain value, and where in the text each part of it stands.
//
// YAML has traps for whoever takes it from strangers: aliases that multiply, tags that name types,
// keys that are lists, nesting without end, duplicate keys that are slow to look for. What a
// configuration does not need is refused here, before anything is built from it; the library's own
// check for duplicate keys is quadratic (a second for 8,000 keys), so ours does it with a set.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
} from "yaml";
import { messageChain } from "../errors.ts";

/** What is wrong, and where: lines and columns count from 1. */
export type Problem = {
  readonly line: number;
  readonly column: number;
  /** "gate.rules.0.block"; empty for the whole file. */
  readonly key: string;
  readonly message: string;
};

export type Path = readonly (string | number)[];

export type YamlSource = {
  /** Plain data; an empty file is an empty map. */
  readonly value: unknown;
  problem(path: Path, message: string): Problem;
  /** As `problem`, at a key of the map at `path` instead of its value. */
  keyProblem(path: Path, key: string, message: string): Problem;
  /** As `problem`, `offset` characters into the text that stands at `path`. */
  innerProblem(path: Path, offset: number, message: string): Problem;
};

/** Thirty times the full example of docs/configuration.md. */
const MAX_CHARACTERS = 64 * 1024;
/** A rule or a waiver stands four deep. */
const MAX_DEPTH = 20;
/** Aliases multiply what is built; a configuration needs few. */
const MAX_ALIASES = 20;

/** Reads the text; what cannot be a configuration at all comes back as problems. */
export function readYaml(
  text: string,
): { readonly source: YamlSource } | { readonly problems: readonly Problem[] } {
  if (text.length > MAX_CHARACTERS) {
    const message = `the file has ${text.length} characters; ${MAX_CHARACTERS} are read`;
    return { problems: [{ line: 1, column: 1, key: "", message }] };
  }
  const lines = new LineCounter();
  const at = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, key: path.join("."), message };
  };
  try {
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false });
    const [fault] = [...document.errors, ...document.warnings];
    if (fault !== undefined) {
      return { problems: [at(fault.pos[0], [], wordsOf(fault.message))] };
    }
    const refused = refuse(document.contents, [], at);
    if (refused !== undefined) return { problems: [refused] };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
    return { source: sourceOf(document, { text, value, at }) };
  } catch (error) {
    // Nested beyond the stack, aliases that multiply, or one without its anchor.
    return { problems: [at(0, [], wordsOf(messageChain(error)))] };
  }
}

/** The library's words without the place, which is said beside, and without our stack's end. */
function wordsOf(message: string): string {
  const [words = ""] = message.split("\n");
  return words.includes("call stack")
    ? "is nested too deeply"
    : words.replace(/ at line \d+, column \d+:?$/, "");
}

type At = (offset: number, path: Path, message: string) => Problem;

/** The first thing in the tree that no configuration has. */
function refuse(node: unknown, path: Path, at: At): Problem | undefined {
  if (path.length > MAX_DEPTH) return at(startOf(node), path, "is nested too deeply");
  if (isSeq(node)) return first(node.items, (item, index) => refuse(item, [...path, index], at));
  if (!isMap(node)) return undefined;
  const seen = new Set<string>();
  return first(node.items, ({ key, value }) => {
    if (!isScalar(key)) return at(startOf(key), path, "a key must be a word");
    const name = String(key.value);
    // Assigning to it would be lost, or worse: no schema would see it.
    if (name === "__proto__") return at(startOf(key), [...path, name], "there is no such key");
    if (seen.has(name)) return at(startOf(key), [...path, name], "is there twice");
    seen.add(name);
    return refuse(value, [...path, name], at);
  });
}

function first<T, R>(items: readonly T[], find: (item: T, at: number) => R | undefined) {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sourceOf(
  document: Document,
  known: { readonly text: string; readonly value: unknown; readonly at: At },
): YamlSource {
  const { text, value, at } = known;
  const { contents } = document;
  return {
    value,
    problem: (path, message) => at(startOf(nodeAt(document, contents, path)), path, message),
    keyProblem: (path, key, message) => {
      const map = nodeAt(document, contents, path);
      const pair = isMap(map)
        ? map.items.find(({ key: at }) => isScalar(at) && String(at.value) === key)
        : undefined;
      return at(startOf(pair?.key ?? map), [...path, key], message);
    },
    innerProblem: (path, offset, message) => {
      const node = nodeAt(document, contents, path);
      const start = startOf(node);
      if (!isScalar(node)) return at(start, path, message);
      const inner = node.type === "PLAIN" ? start : start + 1;
      // Escapes and folded lines: then only the scalar's start is sure.
      const isVerbatim = text.startsWith(String(node.value), inner);
      return isVerbatim
        ? at(inner + offset, path, message)
        : at(start, path, `${message} (character ${offset + 1})`);
    },
  };
}

/** The node at the path, or the deepest one on the way where there is none. */
function nodeAt(document: Document, from: unknown, path: Path): unknown {
  let node = from;
  for (const step of path) {
    const at = isAlias(node) ? node.resolve(document) : node;
    const next = isMap(at) || isSeq(at) ? at.get(step, true) : undefined;
    if (next === undefined || next === null) return at ?? node;
    node = next;
  }
  return node;
}

function startOf(node: unknown): number {
  const { range } = (node ?? {}) as Partial<ParsedNode>;
  return range?.[0] ?? 0;
}
