// Who spent the CPU of a benchmark? Every sample has exactly one owner, so that the parts add up.
//
// The owner is the function of the program nearest to the leaf, and what the standard library and
// the runtime do below it is on its account: a map lookup is paid by who looks up. Kept apart is
// what the runtime does by its own rules, allocation, collection, scheduling, locks and system calls,
// by the catalog's family nearest to the leaf: one change makes many functions pay for it.
import type { ProfileFrame } from "../../pprof/profile.ts";
import { askFunctions } from "../../pprof/stack-table.ts";
import { sum } from "../../stats/sum.ts";
import type { CostPart, CostWork } from "../finding.ts";
import type { Naming } from "./naming.ts";
import type { BothRuns, CpuRun } from "./read-runs.ts";
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
export function costParts(sides: BothRuns<CpuRun>, naming: Naming): CostPart[] {
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
      for (const { work, owner, ns } of accountsOf(profiled, naming)) {
        add(partOf(work, owner)[side], run, ns);
      }
    }
  }
  const named = [...parts.values()]
    .filter((part) => part.function !== "")
    .map((part) => ({ part, size: sizeOf(part) }))
    .sort((one, other) => other.size - one.size)
    .map(({ part }) => part);
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

function sizeOf({ base, head }: Part): number {
  return sum([...base, ...head]);
}

type Account = { readonly work: CostWork; readonly owner: string; ns: number };

/** Works by number; what is none of the others is the program's code. */
const WORKS: readonly CostWork[] = ["code", "allocation", "gc", "scheduler", "lock", "syscall"];

/** What each owner spent in a run, in nanoseconds per operation, in the order of the stacks. */
function accountsOf({ record, periodNs, stacks }: CpuRun, naming: Naming): Account[] {
  const { places, ends, values } = stacks;
  const sampleNs = periodNs / record.operations;
  const owners = new Map([["", 0]]);
  const ownerNumber = (frame: ProfileFrame): number => {
    const name = naming.isOwn(frame) ? naming.declarationOf(frame) : "";
    const number = owners.get(name) ?? owners.size;
    owners.set(name, number);
    return number;
  };
  const ownerOf = askFunctions(stacks, ownerNumber);
  const workOf = askFunctions(stacks, (frame) => (naming.isOwn(frame) ? 0 : workNumber(frame)));
  const names = [...owners.keys()];
  const accounts: Account[] = [];
  const known: (Account | undefined)[] = Array.from({ length: names.length * WORKS.length });
  for (let stack = 0, at = 0; stack < ends.length; stack++) {
    const end = ends[stack] as number;
    let [owner, work] = [0, 0];
    for (; at < end && owner === 0; at++) {
      const frame = places[at] as number;
      owner = ownerOf[frame] as number;
      if (owner === 0 && work === 0) work = workOf[frame] as number;
    }
    at = end;
    const number = owner * WORKS.length + work;
    let account = known[number];
    if (account === undefined) {
      account = { work: WORKS[work] as CostWork, owner: names[owner] as string, ns: 0 };
      known[number] = account;
      accounts.push(account);
    }
    account.ns += (values[stack] as number) * sampleNs;
  }
  return accounts;
}

function workNumber(frame: ProfileFrame): number {
  const family = familyOf(frame.function.name);
  const work = family && WORK[family.id];
  return work === undefined ? 0 : WORKS.indexOf(work);
}
