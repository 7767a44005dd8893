// Who spent the CPU of a benchmark? Every sample has exactly one owner, so that the parts add up.
//
// The owner is the function of the program nearest to the leaf, and what the standard library and
// the runtime do below it is on its account: a map lookup is paid by who looks up. Kept apart is
// what the runtime does by its own rules, allocation, collection, scheduling, locks and system calls,
// by the catalog's family nearest to the leaf: one change makes many functions pay for it.
import type { ProfileFrame } from "../../pprof/profile.ts";
import type { CostPart, CostWork } from "../finding.ts";
import type { Naming } from "./naming.ts";
import type { BothRuns, ProfiledRun } from "./read-runs.ts";
import { familyOf } from "./runtime-work.ts";

/** Families of the catalog that are an account of their own. */
const WORK: Readonly<Record<string, CostWork>> = {
  allocation: "allocation",
  "gc-mark": "gc",
  "gc-sweep": "gc",
  "write-barrier": "gc",
  scheduler: "scheduler",
  channel: "scheduler",
  timer: "scheduler",
  lock: "lock",
  syscall: "syscall",
};

/** Owners told by name; the smaller ones are one part of each work, without a name. */
const PARTS_MAX = 300;

type Part = {
  readonly work: CostWork;
  readonly function: string;
  readonly base: number[];
  readonly head: number[];
};

/** Nanoseconds of CPU per operation in each run, by work and owner. */
export function costParts(sides: BothRuns, naming: Naming): CostPart[] {
  const parts = new Map<string, Part>();
  const partOf = (work: CostWork, name: string): Part => {
    const key = `${work}\n${name}`;
    let part = parts.get(key);
    if (part === undefined) {
      part = { work, function: name, base: sides.base.map(() => 0), head: sides.head.map(() => 0) };
      parts.set(key, part);
    }
    return part;
  };
  for (const side of ["base", "head"] as const) {
    for (const [run, profiled] of sides[side].entries()) {
      const sampleNs = nanosecondsOf(profiled);
      for (const { frames, value } of profiled.stacks) {
        const { work, owner } = accountOf(frames, naming);
        add(partOf(work, owner)[side], run, value * sampleNs);
      }
    }
  }
  const named = [...parts.values()].filter((part) => part.function !== "");
  named.sort((one, other) => sizeOf(other) - sizeOf(one));
  for (const small of named.slice(PARTS_MAX)) {
    const rest = partOf(small.work, "");
    for (const side of ["base", "head"] as const) {
      for (const [run, value] of small[side].entries()) add(rest[side], run, value);
    }
  }
  const unnamed = [...parts.values()].filter((part) => part.function === "");
  return [...named.slice(0, PARTS_MAX), ...unnamed];
}

function add(values: number[], at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}

/** What one sample stands for, in nanoseconds per operation. */
function nanosecondsOf({ record, profile }: ProfiledRun): number {
  return profile.period / record.operations;
}

function sizeOf({ base, head }: Part): number {
  return [...base, ...head].reduce((sum, value) => sum + value, 0);
}

/** The account of a stack, leaf first. */
function accountOf(
  frames: readonly ProfileFrame[],
  naming: Naming,
): { readonly work: CostWork; readonly owner: string } {
  let work: CostWork | undefined;
  for (const frame of frames) {
    if (naming.isOwn(frame)) return { work: work ?? "code", owner: naming.declarationOf(frame) };
    const family = familyOf(frame.function.name);
    work ??= family === undefined ? undefined : WORK[family.id];
  }
  return { work: work ?? "code", owner: "" };
}
