// What of a frame's name survives a refactoring: hashed words for the embedding of stacks.
//
// A renamed function keeps its package and receiver and often a word of its name, a moved one its
// name, a generic one everything but its brackets (which parseSymbol drops). So a frame gives its
// key, package, receiver, the words of its name and their three-letter pieces, each hashed into
// one of 1024 signed features ("the hashing trick", Weinberger et al. 2009). A vocabulary was
// rejected: names of a program never seen would fall out of it.
import { parseSymbol } from "../pprof/symbol.ts";

/** Length of the feature vector; 64 weights for each are 64 KB as bytes. */
export const FEATURE_COUNT = 1024;

export type FrameParts = {
  readonly key: string;
  readonly package: string;
  /** Type of a method without "(*)"; empty for functions. */
  readonly receiver: string;
  /** Without receiver and numbers of closures. */
  readonly name: string;
  /** Different words of the name in lower case: "parseValue2" gives parse, value and 2. */
  readonly words: readonly string[];
};

export type Feature = { readonly index: number; readonly value: number };

/** Names are up to 10,000 characters (pprof/limits.ts); words beyond these tell no more. */
const WORDS_MAX = 16;
const NAME_MAX = 200;

/** Never throws; a name that is not Go's is all name. */
export function frameParts(name: string): FrameParts {
  const symbol = parseSymbol(name);
  const inPackage = symbol.key.slice(symbol.package === "" ? 0 : symbol.package.length + 1);
  const method =
    /^\(\*?([^)]*)\)\.(.*)$/s.exec(inPackage) ?? /^([A-Za-z_]\w*)\.(.*)$/s.exec(inPackage);
  const isMethod = method !== null && !method[2]?.startsWith("func");
  const ownName = isMethod ? (method[2] ?? "") : inPackage;
  return {
    key: symbol.key,
    package: symbol.package,
    receiver: isMethod ? (method[1] ?? "") : "",
    name: ownName,
    words: wordsOf(ownName),
  };
}

function wordsOf(name: string): string[] {
  const words = name.slice(0, NAME_MAX).match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  return [...new Set(words.slice(0, WORDS_MAX).map((word) => word.toLowerCase()))];
}

/** Its features before the learned projection; the weights of kinds are where training starts. */
export function frameFeatures(parts: FrameParts): Feature[] {
  const features = [
    feature("k", parts.key, 1),
    feature("p", parts.package, 0.5),
    feature("n", parts.name.slice(0, NAME_MAX), 0.7),
  ];
  if (parts.receiver !== "") features.push(feature("r", parts.receiver, 0.5));
  for (const word of parts.words) {
    features.push(feature("w", word, 0.4));
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at++) {
      features.push(feature("g", padded.slice(at, at + 3), 0.15));
    }
  }
  return features;
}

function feature(kind: string, text: string, weight: number): Feature {
  const hash = hashOf(`${kind}:${text}`);
  return { index: hash % FEATURE_COUNT, value: hash & 0x80000000 ? -weight : weight };
}

/** FNV-1a over UTF-16 units with the finalizer of MurmurHash3: its low bits alone are weak. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
