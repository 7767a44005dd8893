// Who spent the CPU of a benchmark? Every sample has exactly one owner, so that the parts add up.
//
// The owner is the function of the program nearest to the leaf, and what the standard library and
// the runtime do below it is on its account: a map lookup is paid by who looks up. Kept apart is
// what the runtime does by its own rules, allocation, collection, scheduling, locks and system calls,
// by the catalog's family nearest to the leaf: one change makes many functions pay for it.
import type { ProfileFrame } from "../../pprof/profile.ts";
import { askFunctions } from "../../pprof/stack-table.ts";
import { sum } from "../../stats/sum.ts";
import type { CostPart, CostWork } from "../profile-finding.ts";
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

/** Works by number; what is none of the others is the program's code. */
const WORKS: readonly CostWork[] = ["code", "allocation", "gc", "scheduler", "lock", "syscall"];

type Part = {
  /** By its place in WORKS. */
  readonly work: number;
  /** By its number; 0 is none. */
  readonly owner: number;
  readonly base: number[];
  readonly head: number[];
};

/** Nanoseconds of CPU per operation in each run, by work and owner. */
export function costParts(sides: BothRuns<CpuRun>, naming: Naming): CostPart[] {
  const owners = numberOwners(naming);
  const parts = new Map<number, Part>();
  const partOf = (account: number): Part => {
    let part = parts.get(account);
    if (part === undefined) {
      const work = account % WORKS.length;
      const owner = (account - work) / WORKS.length;
      part = { work, owner, base: sides.base.map(() => 0), head: sides.head.map(() => 0) };
      parts.set(account, part);
    }
    return part;
  };
  for (const side of ["base", "head"] as const) {
    for (const [run, profiled] of sides[side].entries()) {
      const sampleNs = profiled.periodNs / profiled.record.operations;
      const { values } = profiled.stacks;
      const accounts = accountsOf(profiled, owners.payerOf);
      for (let stack = 0; stack < accounts.length; stack++) {
        const part = partOf(accounts[stack] as number);
        add(part[side], run, (values[stack] as number) * sampleNs);
      }
    }
  }
  const named = [...parts.values()]
    .filter(({ owner }) => owner !== 0)
    .map((part) => ({ part, size: sum([...part.base, ...part.head]) }))
    .sort((one, other) => other.size - one.size)
    .map(({ part }) => part);
  for (const small of named.slice(PARTS_MAX)) {
    const rest = partOf(small.work);
    for (const side of ["base", "head"] as const) {
      for (const [run, value] of small[side].entries()) add(rest[side], run, value);
    }
  }
  const unnamed = [...parts.values()].filter(({ owner }) => owner === 0);
  return [...named.slice(0, PARTS_MAX), ...unnamed].map(({ work, owner, base, head }) => ({
    work: WORKS[work] as CostWork,
    function: owners.nameOf(owner),
    base,
    head,
  }));
}

function add(values: number[], at: number, value: number): void {
  values[at] = (values[at] ?? 0) + value;
}

/**
 * What a function means for who pays, as one number: below the count of works it is a work, and a
 * function of the program is its owner's number times that count.
 */
type PayerOf = (frame: ProfileFrame) => number;

/** The account of each stack of a run: its owner's number times the count of works, and its work. */
function accountsOf({ stacks }: CpuRun, payerOf: PayerOf): Int32Array {
  const { places, ends } = stacks;
  const payers = askFunctions(stacks, payerOf);
  const accounts = new Int32Array(ends.length);
  for (let stack = 0, at = 0; stack < ends.length; stack++) {
    const end = ends[stack] as number;
    let account = 0;
    for (; at < end && account < WORKS.length; at++) {
      const payer = payers[places[at] as number] as number;
      if (payer >= WORKS.length) account += payer;
      else if (account === 0) account = payer;
    }
    accounts[stack] = account;
    at = end;
  }
  return accounts;
}

/** Owners by number: declarations, by package and by name in it. */
function numberOwners(naming: Naming) {
  /** A frame of each owner. */
  const frames: (ProfileFrame | undefined)[] = [undefined];
  const packages = new Map<string, Map<string, number>>();
  const ownerOf = (frame: ProfileFrame): number => {
    const { package: importPath, declaration } = naming.symbolOf(frame);
    let own = packages.get(importPath);
    if (own === undefined) {
      own = new Map();
      packages.set(importPath, own);
    }
    let number = own.get(declaration);
    if (number === undefined) {
      number = frames.push(frame) - 1;
      own.set(declaration, number);
    }
    return number;
  };
  const payerOf: PayerOf = (frame) =>
    naming.isOwn(frame) ? ownerOf(frame) * WORKS.length : workNumber(frame);
  const nameOf = (owner: number): string => {
    const frame = frames[owner];
    return frame === undefined ? "" : naming.declarationOf(frame);
  };
  return { payerOf, nameOf };
}

function workNumber(frame: ProfileFrame): number {
  const family = familyOf(frame.function.name);
  const work = family && WORK[family.id];
  return work === undefined ? 0 : WORKS.indexOf(work);
}
