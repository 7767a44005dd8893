// Which mechanism of the runtime or the machine goes with a benchmark's change of time?
//
// The numbers were recorded in the very processes that were timed, so they are joined by the same
// pairs. A number moved when its difference is sure (p of 1 % or less: sixteen are looked at) and
// large enough to explain the change; signals.ts has the sizes and mechanisms.ts the tree. It
// names what goes along with the change and is likely its mechanism; which code set it going is
// for others to say.
import type { Evidence } from "../../evidence/evidence.ts";
import type { Manifest } from "../../evidence/manifest.ts";
import type { Pair } from "../../evidence/pair-text.ts";
import { type PackagePairs, readPairs } from "../../evidence/read-pairs.ts";
import { median } from "../../stats/quantile.ts";
import type { Analysis, ContextFinding, ContextReading } from "../finding.ts";
import type { BenchmarkId } from "../subject.ts";
import { type Comparison, compareValues, type ValuePair } from "./compare-values.ts";
import { mechanismOf } from "./mechanisms.ts";
import { EXPLAINED, type Part, SIGNALS, type Signal, valueIn } from "./signals.ts";

const ALPHA = 0.01;
/** As in analyze/latency: a file with more is not one of ours, and work grows with the square. */
const MAX_PAIRS = 500;

type Phases = { readonly explore: readonly Pair[]; readonly confirm: readonly Pair[] };

/**
 * One finding for each recorded benchmark whose time moved and whose numbers name a mechanism.
 * @param pairs those of the evidence, where they have been read already.
 */
export function analyzeContext(
  { manifest, ...evidence }: Evidence,
  pairs: readonly PackagePairs[] = readPairs({ manifest, ...evidence }),
): Analysis<ContextFinding> {
  return { findings: pairs.flatMap((at) => ofPackage(at, manifest)), degraded: [] };
}

function ofPackage({ record, groups }: PackagePairs, manifest: Manifest): ContextFinding[] {
  const benchmarks = manifest.benchmarks.filter(
    (at) => at.status === "measured" && at.cell === record.cell && at.package === record.importPath,
  );
  return benchmarks.flatMap(({ cell, package: importPath, name }) => {
    const phase = (wanted: "explore" | "confirm") =>
      groups.find((at) => at.name === name && at.phase === wanted)?.pairs.slice(0, MAX_PAIRS) ?? [];
    const benchmark = { cell, package: importPath, name };
    return ofBenchmark(benchmark, { explore: phase("explore"), confirm: phase("confirm") }) ?? [];
  });
}

function ofBenchmark(benchmark: BenchmarkId, phases: Phases): ContextFinding | undefined {
  if (!EXPLAINED.some((at) => mayHaveMoved(phases.explore, at))) return undefined;
  const times = new Map(EXPLAINED.map(({ unit }) => [unit, compared(phases, unitReader(unit))]));
  const moves = EXPLAINED.map(({ unit, threshold }) => direction(times.get(unit), threshold));
  const toward = moves.find((move) => move !== 0);
  if (toward === undefined) return undefined;
  const [cpu = 0, wall = 0] = ["cpu-sec/op", "sec/op"].map((unit) =>
    Math.abs(times.get(unit)?.difference ?? 0),
  );
  const all = Math.max(cpu, wall);
  const changed = { all, cpu: moves[0] === 0 ? all : cpu };
  const readings = SIGNALS.flatMap((signal): ContextReading[] => {
    const comparison = compared(phases, signal.read);
    if (comparison === undefined) return [];
    const movement = movementOf(comparison, signal, changed);
    return [{ name: signal.name, ...comparison, movement }];
  });
  const wanted = toward > 0 ? "up" : "down";
  const found = mechanismOf((name) =>
    name === "cpu-sec/op"
      ? moves[0] === toward
      : readings.some((at) => at.name === name && at.movement === wanted),
  );
  if (found === undefined) return undefined;
  return {
    kind: "context",
    benchmark,
    mechanism: found.mechanism,
    direction: toward > 0 ? "more" : "less",
    pairs: phases.explore.length + phases.confirm.length,
    readings,
    restsOn: found.restsOn,
  };
}

/** A look that costs little: most benchmarks of a run did not move. Plain ones recorded nothing. */
function mayHaveMoved(
  pairs: readonly Pair[],
  { unit, threshold }: (typeof EXPLAINED)[number],
): boolean {
  const of = (side: "base" | "head") =>
    pairs.flatMap((pair) =>
      valueIn(pair[side].results, "cpu-sec/op") === undefined
        ? []
        : (valueIn(pair[side].results, unit) ?? []),
    );
  const [base, head] = [of("base"), of("head")];
  if (base.length === 0 || head.length === 0) return false;
  return Math.abs(median(head) - median(base)) > (threshold * median(base)) / 2;
}

function unitReader(unit: string): Signal["read"] {
  return (results) => valueIn(results, unit);
}

/** Over the pairs that have it on both sides; undefined where none has. */
function compared(phases: Phases, read: Signal["read"]): Comparison | undefined {
  const values = (pairs: readonly Pair[]) =>
    pairs.flatMap((pair): ValuePair[] => {
      const [base, head] = [read(pair.base.results), read(pair.head.results)];
      return base === undefined || head === undefined ? [] : [{ base, head }];
    });
  const explored = values(phases.explore);
  return explored.length === 0 ? undefined : compareValues(explored, values(phases.confirm));
}

function direction(comparison: Comparison | undefined, threshold: number): -1 | 0 | 1 {
  if (comparison === undefined || comparison.p > ALPHA) return 0;
  const { base, difference } = comparison;
  if (Math.abs(difference) < threshold * base) return 0;
  return difference > 0 ? 1 : -1;
}

function movementOf(
  { base, head, difference, p }: Comparison,
  { least, smallest }: Signal,
  changed: { readonly all: number; readonly cpu: number },
): ContextReading["movement"] {
  const size = Math.abs(difference);
  const enough = leastSize(least, { ...changed, itself: Math.max(Math.abs(base), Math.abs(head)) });
  if (p > ALPHA || size === 0 || size < smallest || size < enough) return "none";
  return difference > 0 ? "up" : "down";
}

function leastSize(
  least: Part,
  { all, cpu, itself }: { readonly all: number; readonly cpu: number; readonly itself: number },
): number {
  if ("ofChange" in least) return least.ofChange * all;
  return "ofCpu" in least ? least.ofCpu * cpu : least.ofItself * itself;
}
