// The functions whose cost moved most, as a table in Markdown: what each costs itself (flat) and
// with what it calls (cum), head less base, an operation.
//
// The order is that of size alone. Whether a move is significant was tested run by run by the
// analyzer (analyze/profile/compare-runs.ts); it is looked up here, never guessed from the size.
import type { FunctionCost } from "../pprof/stacks.ts";
import { markdownCode, shorten } from "../report/escape.ts";
import { formatQuantity } from "../report/format.ts";

export type Mover = {
  readonly key: string;
  /** As people read it. */
  readonly function: string;
  /** Of an operation, in the unit of the profile. */
  readonly flatChange: number;
  readonly cumChange: number;
};

/** A table to be read. */
const MOVERS_MAX = 25;
const NAME_MAX = 160;

type CostSide = {
  readonly costs: ReadonlyMap<string, FunctionCost>;
  readonly operations: number;
};

/** Largest move first, flat before cum; functions that did not move at all are not there. */
export function topMovers(
  sides: { readonly base: CostSide; readonly head: CostSide },
  nameOf: (key: string) => string,
): Mover[] {
  const keys = new Set([...sides.head.costs.keys(), ...sides.base.costs.keys()]);
  const change = (key: string, value: keyof FunctionCost) => {
    const costOf = ({ costs, operations }: CostSide) => (costs.get(key)?.[value] ?? 0) / operations;
    return costOf(sides.head) - costOf(sides.base);
  };
  return [...keys]
    .map((key) => ({ key, flatChange: change(key, "flat"), cumChange: change(key, "cum") }))
    .filter(({ flatChange, cumChange }) => flatChange !== 0 || cumChange !== 0)
    .sort(
      (one, other) =>
        Math.abs(other.flatChange) - Math.abs(one.flatChange) ||
        Math.abs(other.cumChange) - Math.abs(one.cumChange),
    )
    .slice(0, MOVERS_MAX)
    .map(({ key, ...changes }) => ({ key, function: nameOf(key), ...changes }));
}

/** @param isSignificant undefined where functions of this kind of profile are not tested. */
export function moversMarkdown(
  movers: readonly Mover[],
  options: {
    readonly metric: string;
    readonly scale: number;
    readonly isSignificant: ((key: string) => boolean) | undefined;
  },
): string {
  if (movers.length === 0) return "No function costs more or less than before.\n";
  const { metric, scale, isSignificant } = options;
  const signed = (value: number) =>
    value === 0
      ? "0"
      : `${value < 0 ? "-" : "+"}${formatQuantity(Math.abs(value * scale), metric)}`;
  const rows = movers.map((mover) => {
    const verdict = isSignificant?.(mover.key) ? "yes" : "no";
    return `| ${markdownCode(shorten(mover.function, NAME_MAX))} | ${signed(mover.flatChange)} | ${signed(mover.cumChange)} | ${isSignificant === undefined ? "not tested" : verdict} |`;
  });
  const head = `| function | flat Δ ${metric} | cum Δ ${metric} | significant |\n|---|--:|--:|---|\n`;
  return `${head}${rows.join("\n")}\n`;
}
