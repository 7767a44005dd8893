// What was the runtime doing on a stack? Its frames looked up in the catalog, from the program's
// own code down to the leaf: "growth of slices, allocation on the heap".
//
// The first family is what the program asked for, the later ones are what that took: a slice that
// grew allocates, and an allocation pays for marking. Names are full ones, so a program's function
// is never taken for one of the runtime's.
import type { RuntimeWork } from "../profile-finding.ts";
import { CATALOG } from "./catalog/catalog.ts";
import type { Family } from "./catalog/family.ts";

const EXACT = new Map<string, Family>();
const BY_PREFIX = new Map<string, Family>();
for (const family of CATALOG) {
  for (const frame of family.frames) {
    const name = typeof frame === "string" ? frame : frame.name;
    if (!name.endsWith("*")) EXACT.set(name, family);
    else if (!BY_PREFIX.has(name.slice(0, -1))) BY_PREFIX.set(name.slice(0, -1), family);
  }
}

type Prefix = {
  readonly text: string;
  readonly family: Family;
  /** The longest other prefix that this one begins with. */
  readonly shorter: Prefix | undefined;
};

/** In the order of their text: what begins with a prefix stands behind it. */
const PREFIXES: Prefix[] = [];
for (const [text, family] of [...BY_PREFIX].sort(([one], [other]) => (one < other ? -1 : 1))) {
  PREFIXES.push({ text, family, shorter: prefixOf(text, PREFIXES.at(-1)) });
}

/** The family of a runtime's or standard package's function by its full name. */
export function familyOf(name: string): Family | undefined {
  const exact = EXACT.get(name);
  if (exact !== undefined) return exact;
  // All that stands between a name and its longest prefix begins with that prefix too.
  let [from, to] = [0, PREFIXES.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((PREFIXES[middle] as Prefix).text <= name) from = middle + 1;
    else to = middle;
  }
  return prefixOf(name, PREFIXES[from - 1])?.family;
}

/** The longest of a prefix and its shorter ones that a name begins with: "runtime.mallocgc" comes
 * before a family that takes all of "runtime.m". */
function prefixOf(name: string, longest: Prefix | undefined): Prefix | undefined {
  let prefix = longest;
  while (prefix !== undefined && !name.startsWith(prefix.text)) prefix = prefix.shorter;
  return prefix;
}

/** Work on a stack of function names given leaf first, each family once, the program's side first. */
export function runtimeWork(functions: readonly string[]): RuntimeWork[] {
  const families = new Set<Family>();
  for (const name of [...functions].reverse()) {
    const family = familyOf(name);
    if (family !== undefined) families.add(family);
  }
  return [...families].map(({ id, title, meaning, dimension, helps }) => ({
    family: id,
    title,
    meaning,
    dimension,
    helps,
  }));
}
