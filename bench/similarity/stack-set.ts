// The published set of stacks, and which modules are for training, for choosing and for testing.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { PublicModule } from "../public-modules.ts";

/** Stacks as numbers of names, leaf first, the heaviest first. */
export type RecordedModule = PublicModule & {
  readonly stacks: readonly (readonly number[])[];
};

export type StackSet = {
  /** What `go version` printed. */
  readonly toolchain: string;
  readonly benchTime: string;
  readonly modules: readonly RecordedModule[];
  readonly names: readonly string[];
};

export const STACKS_FILE = fileURLToPath(new URL("stacks.json.gz", import.meta.url));

/** Modules never trained on: for the thresholds, and for the figures that are published. */
const HELD_OUT = ["github.com/tidwall/gjson", "github.com/bmatcuk/doublestar/v4"];
const TESTED = [
  "github.com/BurntSushi/toml",
  "github.com/expr-lang/expr",
  "github.com/emirpasic/gods",
  "github.com/julienschmidt/httprouter",
];

export type Part = "training" | "held out" | "test";

export function partOf(path: string): Part {
  if (TESTED.includes(path)) return "test";
  return HELD_OUT.includes(path) ? "held out" : "training";
}

/** Stacks of names by module, of one part of the set. */
export function readStacks(part: Part): { readonly path: string; readonly stacks: string[][] }[] {
  const set = readSet();
  return set.modules
    .filter(({ path }) => partOf(path) === part)
    .map(({ path, stacks }) => ({
      path,
      stacks: stacks.map((stack) => stack.map((id) => set.names[id] as string)),
    }));
}

export function readSet(): StackSet {
  return JSON.parse(gunzipSync(readFileSync(STACKS_FILE)).toString("utf8")) as StackSet;
}
