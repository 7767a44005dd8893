// What was the runtime doing on a stack? Its frames looked up in the catalog, from the program's
// own code down to the leaf: "growth of slices, allocation on the heap".
//
// The first family is what the program asked for, the later ones are what that took: a slice that
// grew allocates, and an allocation pays for marking. Names are full ones, so a program's function
// is never taken for one of the runtime's.
import type { RuntimeWork } from "../finding.ts";
import { CATALOG } from "./catalog/catalog.ts";
import type { Family } from "./catalog/family.ts";

const EXACT = new Map<string, Family>();
const PREFIXES: { readonly prefix: string; readonly family: Family }[] = [];
for (const family of CATALOG) {
  for (const frame of family.frames) {
    const name = typeof frame === "string" ? frame : frame.name;
    if (name.endsWith("*")) PREFIXES.push({ prefix: name.slice(0, -1), family });
    else EXACT.set(name, family);
  }
}
// The longest prefix first: "runtime.mallocgc" before a family that takes all of "runtime.m".
PREFIXES.sort((one, other) => other.prefix.length - one.prefix.length);

/** The family of a runtime's or standard package's function by its full name. */
export function familyOf(name: string): Family | undefined {
  return EXACT.get(name) ?? PREFIXES.find(({ prefix }) => name.startsWith(prefix))?.family;
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
