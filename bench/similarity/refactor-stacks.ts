// Six refactorings done to the recorded stacks by seeded rules: what a profile of the same program
// shows after one function was renamed, inlined and so on, everywhere it is called.
import { parseSymbol } from "../../src/pprof/symbol.ts";
import { FRAMES_MAX } from "../../src/similarity/embed-stack.ts";
import { nextFloat, pick, type Random } from "../../src/stats/random.ts";

export const REFACTORINGS = ["rename", "extract", "inline", "wrap", "generic", "move"] as const;
export type Refactoring = (typeof REFACTORINGS)[number];

/** A stack of head and the place of the stack of base that it was. */
export type RefactoredStack = { readonly stack: readonly string[]; readonly origin: number };

const VERBS = ["run", "apply", "build", "consume", "resolve", "visit", "step", "fetch", "emit"];
const NOUNS = ["Inner", "Entry", "Chunk", "Part", "Unit", "Block", "Slow", "Once", "Core"];
const PACKAGES = ["internal/core", "internal/engine", "impl", "pkg/runtimeimpl", "v2/base"];

/** The refactoring of one function that a person wrote, on all stacks it is near the leaf of. */
export function refactor(
  stacks: readonly (readonly string[])[],
  kind: Refactoring,
  random: Random,
): RefactoredStack[] {
  const own = new Set(stacks.flatMap((stack) => stack.slice(0, FRAMES_MAX).filter(isOwn)));
  if (own.size === 0) return [];
  const target = pick(random, [...own]);
  const change = changeOf(target, kind, random);
  return stacks.flatMap((stack, origin) => {
    if (!stack.slice(0, FRAMES_MAX).includes(target)) return [];
    const changed = stack.flatMap((name) => (name === target ? change : [name]));
    // What is left without a frame of its own cannot be told from any other.
    return changed.some(isOwn) ? [{ stack: changed, origin }] : [];
  });
}

function isOwn(name: string): boolean {
  return (parseSymbol(name).package.split("/", 1)[0] ?? "").includes(".");
}

/** The frames that stand where the function was, leaf first. */
function changeOf(name: string, kind: Refactoring, random: Random): string[] {
  const fresh = `${pick(random, VERBS)}${pick(random, NOUNS)}`;
  const slash = name.lastIndexOf("/");
  const dot = name.indexOf(".", slash + 1);
  const [path, inPackage] = [name.slice(0, dot), name.slice(dot + 1)];
  const parts = inPackage.split(".");
  const at = parts[0]?.startsWith("(") ? 1 : 0;
  const old = parts[at] ?? "";
  // Half of all names keep a word of the old one.
  const renamed =
    nextFloat(random) < 0.5 ? `${old}${fresh.slice(0, 1).toUpperCase()}${fresh.slice(1)}` : fresh;
  const withName = [...parts.slice(0, at), renamed, ...parts.slice(at + 1)].join(".");
  switch (kind) {
    case "rename":
      return [`${path}.${withName}`];
    case "extract":
      return [`${path}.${[...parts.slice(0, at), renamed].join(".")}`, name];
    case "inline":
      return [];
    case "wrap":
      return [name, `${path}.${[...parts.slice(0, at), renamed].join(".")}`];
    case "generic":
      return [`${path}.${genericName(parts, at)}`];
    case "move":
      return [`${path}/${pick(random, PACKAGES)}.${inPackage}`];
  }
}

/** A generic receiver, or for a function a type argument and the suffix of its generic form. */
function genericName(parts: readonly string[], at: number): string {
  if (at === 0) return [`${parts[0]}Of[go.shape.int]`, ...parts.slice(1)].join(".");
  const receiver = (parts[0] ?? "").replace(/\)$/, "Of[go.shape.string])");
  return [receiver, ...parts.slice(1)].join(".");
}
