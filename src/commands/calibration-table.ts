// A calibration as a table for people: what each benchmark scatters, what was found of it, and
// whether it may block.
import { type Calibration, ratesOf } from "../baseline/calibration.ts";
import { unearned } from "../baseline/right-to-block.ts";
import { median } from "../stats/quantile.ts";

/** Names longer than this are cut in the middle of a table. */
const NAME_MAX = 48;

/** Lines of a table and a summary; the newest trials count like the oldest. */
export function calibrationTable(calibration: Calibration): string {
  const { trials, benchmarks, machine, cores } = calibration;
  const rates = ratesOf(calibration, benchmarks);
  const sizes = rates.power.map(({ slowedBy }) => slowedBy);
  const header = ["benchmark", "pair noise", "quiet", ...sizes.map((size) => `+${percent(size)}`)];
  const rows = benchmarks.map((benchmark) => {
    const { outcomes } = benchmark;
    const own = ratesOf(calibration, [benchmark]);
    const quiet = Math.round(own.equalOutcomes * (1 - own.falseAlarmRate));
    const power = new Map(own.power.map((at) => [at.slowedBy, at]));
    return [
      shortName(benchmark.package, benchmark.name),
      percent(Math.expm1(median(outcomes.map(({ pairNoise }) => pairNoise)))),
      `${quiet}/${own.equalOutcomes}`,
      ...sizes.map((size) => {
        const { found = 0, outcomes: tried = 0 } = power.get(size) ?? {};
        return tried === 0 ? "-" : `${Math.round(found * tried)}/${tried}`;
      }),
      unearned(calibration, benchmark) ?? "may block",
    ];
  });
  const lines = aligned([[...header, ""], ...rows]);
  const earned = benchmarks.filter((at) => unearned(calibration, at) === undefined).length;
  const power = rates.power.map(
    ({ slowedBy, found, outcomes }) =>
      `${percent(slowedBy)} slower found in ${percent(found)} of ${outcomes}`,
  );
  return [
    ...lines,
    "",
    `${trials.length} trials on ${machine}, ${cores} cores`,
    `false alarms: ${percent(rates.falseAlarmRate)} of ${rates.equalOutcomes} comparisons of equal sides, in ${rates.alarmedTrials} of ${rates.equalTrials} trials, ${rates.blockedTrials} of which would have stopped a merge`,
    ...(power.length === 0 ? [] : [`power: ${power.join(", ")}`]),
    `${earned} of ${benchmarks.length} benchmarks may block by their time`,
  ].join("\n");
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toPrecision(2))} %`;
}

/** Package and name without what every line would repeat; control characters are made visible. */
function shortName(importPath: string, name: string): string {
  const full = `${importPath.split("/").at(-1) ?? ""}.${name.replace(/^Benchmark(?=.)/, "")}`;
  const shown = full.replace(/\p{C}/gu, "\uFFFD");
  return shown.length <= NAME_MAX ? shown : `${shown.slice(0, NAME_MAX - 1)}…`;
}

/** Names to the left, numbers to the right, words at the end as they are. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const place = (cell: string, column: number) => {
    if (column === 0) return cell.padEnd(widths[0] ?? 0);
    return column === widths.length - 1 ? cell : cell.padStart(widths[column] ?? 0);
  };
  return rows.map((row) => row.map(place).join("  ").trimEnd());
}
