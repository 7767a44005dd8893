// Where did the change of CPU go? A ledger of one benchmark whose rows add up, or say that they do not.
//
// The profiles say who spent the CPU, in samples; how much CPU an operation takes is measured by the
// pairs, far more precisely. Samples are lost alike on both sides (a busy kernel takes 160 of 250 a
// second), so one factor, base's measured CPU over base's samples, turns both sides' samples into
// time. Base adds up by that; head need not, and what is missing or too much there is a row of its
// own. Scaling each side to its own measurement was rejected: it always adds up, and proves nothing.
import type { Finding } from "../analyze/finding.ts";
import type { CostFinding, CostPart, MovedCodeFinding } from "../analyze/profile-finding.ts";
import { mean } from "../stats/mean.ts";
import { meanDifference } from "../stats/welch.ts";
import { withoutMoved } from "./moved-cost.ts";
import { gatherSuspects, ofProfiles, profileView, type Suspect } from "./suspects.ts";
import type { BenchmarkVerdict, CostLedger, LedgerRow, MovedCode } from "./verdict.ts";

const LEVEL = 0.95;
/** What is left of numbers that were cut into parts and should be zero. */
const ROUNDING = 1e-9;
/** Functions named in a row, largest change first. */
const FUNCTIONS_MAX = 5;

/** The same benchmarks, each that was profiled with its ledger. */
export function withLedgers(
  benchmarks: readonly BenchmarkVerdict[],
  findings: readonly Finding[],
): BenchmarkVerdict[] {
  const changed = new Map(gatherSuspects(findings).map((suspect) => [suspect.function, suspect]));
  const profiled = ofProfiles(findings);
  return benchmarks.map((benchmark) => {
    const { cost, movedCode } = profileView(profiled, benchmark);
    const account = cost && accountOf({ cost, movedCode }, benchmark, changed);
    if (account === undefined) return benchmark;
    const { scale, ...ledger } = account;
    if (movedCode.length === 0) return { ...benchmark, ledger };
    const inTime = ({ how, base, head, change, ...ns }: MovedCodeFinding): MovedCode => {
      return { how, base, head, change, baseNs: ns.baseNs * scale, headNs: ns.headNs * scale };
    };
    return { ...benchmark, ledger: { ...ledger, movedCode: movedCode.map(inTime) } };
  });
}

type Profiled = { readonly cost: CostFinding; readonly movedCode: readonly MovedCodeFinding[] };
type Changed = ReadonlyMap<string, Suspect>;
type Runs = { readonly base: readonly number[]; readonly head: readonly number[] };

/** What samples are multiplied with to be time, and the ledger without code that moved. */
type Account = Omit<CostLedger, "movedCode"> & { readonly scale: number };

function accountOf(
  { cost, movedCode }: Profiled,
  benchmark: BenchmarkVerdict,
  changed: Changed,
): Account | undefined {
  const whole = sumOf(cost.parts);
  const [baseNs, headNs] = [mean(whole.base), mean(whole.head)];
  if (!(baseNs > 0 && headNs > 0)) return undefined;
  const measured = measuredOf(benchmark);
  const scale = measured === undefined ? 1 : measured.baseNs / baseNs;
  const scaled = cost.parts.map((part) => ({
    ...part,
    base: part.base.map((ns) => ns * scale),
    head: part.head.map((ns) => ns * scale),
  }));
  const rows = rowsOf(scaled, changed, movedCode);
  const profiles = Math.min(whole.base.length, whole.head.length);
  if (measured === undefined) return { scale, level: LEVEL, profiles, rows };
  const unexplained = unexplainedRow(measured, whole);
  const isBalanced = unexplained.lowNs <= 0 && unexplained.highNs >= 0;
  return { scale, level: LEVEL, profiles, measured, rows: [...rows, unexplained], isBalanced };
}

/** CPU time per operation as the pairs measured it; undefined where they did not. */
function measuredOf({ metrics }: BenchmarkVerdict): CostLedger["measured"] {
  const cpu = metrics.find(({ metric }) => metric === "cpu-sec/op");
  if (cpu === undefined || !(cpu.base > 0) || !Number.isFinite(cpu.change)) return undefined;
  const baseNs = cpu.base * 1e9;
  return {
    baseNs,
    headNs: baseNs * (1 + cpu.change),
    changeNs: baseNs * cpu.change,
    lowNs: baseNs * cpu.low,
    highNs: baseNs * cpu.high,
  };
}

/** Rows in a fixed order; those without any cost on either side are left out. */
function rowsOf(
  parts: readonly CostPart[],
  changed: Changed,
  movedCode: readonly MovedCodeFinding[],
): LedgerRow[] {
  const code = parts.filter(({ work }) => work === "code");
  const { rest, moved } = withoutMoved(code, movedCode);
  const groups: readonly (readonly [LedgerRow["kind"], readonly CostPart[]])[] = [
    ["changed", rest.filter((part) => changed.has(part.function))],
    ["moved", moved],
    ...(["allocation", "gc", "lock", "scheduler", "syscall"] as const).map(
      (work) => [work, parts.filter((part) => part.work === work)] as const,
    ),
    ["other", rest.filter((part) => !changed.has(part.function))],
  ];
  return groups.flatMap(([kind, own]) => (own.length === 0 ? [] : [rowOf(kind, own)]));
}

function rowOf(kind: LedgerRow["kind"], parts: readonly CostPart[]): LedgerRow {
  const sums = sumOf(parts);
  const { difference, halfWidth } = meanDifference(sums, LEVEL);
  const functions = parts
    .filter((part) => part.function !== "")
    .map((part) => ({ function: part.function, changeNs: mean(part.head) - mean(part.base) }))
    .filter(({ changeNs }) => Math.abs(changeNs) > ROUNDING * mean([...sums.base, ...sums.head]))
    .sort((one, other) => Math.abs(other.changeNs) - Math.abs(one.changeNs))
    .slice(0, FUNCTIONS_MAX);
  return {
    kind,
    baseNs: mean(sums.base),
    headNs: mean(sums.head),
    changeNs: difference,
    lowNs: difference - halfWidth,
    highNs: difference + halfWidth,
    functions,
  };
}

/** What head's parts miss of its measured CPU, with the errors of the measurement and of both sums. */
function unexplainedRow(measured: NonNullable<CostLedger["measured"]>, whole: Runs): LedgerRow {
  const ratio = mean(whole.head) / mean(whole.base);
  const changeNs = measured.headNs - measured.baseNs * ratio;
  // The error of a ratio of means, by the delta method: relative errors add up as squares.
  const relative = Math.hypot(relativeError(whole.base), relativeError(whole.head));
  const ofProfiles = measured.baseNs * ratio * relative;
  const ofPairs = (measured.highNs - measured.lowNs) / 2;
  const halfWidth = Math.hypot(ofProfiles, ofPairs);
  return {
    kind: "unexplained",
    baseNs: 0,
    headNs: changeNs,
    changeNs,
    lowNs: changeNs - halfWidth,
    highNs: changeNs + halfWidth,
    functions: [],
  };
}

/** Half the interval of a mean, as a part of it. */
function relativeError(values: readonly number[]): number {
  const center = mean(values);
  const { halfWidth } = meanDifference({ base: [0, 0], head: values }, LEVEL);
  return values.length < 2 ? Number.POSITIVE_INFINITY : halfWidth / center;
}

function sumOf(parts: readonly CostPart[]): { base: number[]; head: number[] } {
  const sum = (side: "base" | "head") =>
    (parts[0]?.[side] ?? []).map((_, run) =>
      parts.reduce((total, part) => total + (part[side][run] ?? 0), 0),
    );
  return { base: sum("base"), head: sum("head") };
}
