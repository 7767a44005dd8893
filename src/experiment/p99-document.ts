// docs/experiments/p99-tests.md and its pictures, written from the numbers of an experiment.
import { OPERATION_TESTS } from "./operation-tests.ts";
import type { ExperimentResult } from "./p99-tests.ts";
import { barPlot, linePlot } from "./plot.ts";
import { RUN_TESTS } from "./run-tests.ts";

/** Files of a folder by name. */
export type ExperimentFiles = Readonly<Record<string, string>>;

/** The document of a full experiment; `quick` is shown at its end, to be held against later. */
export function p99Document(full: ExperimentResult, quick: ExperimentResult): ExperimentFiles {
  return {
    "p99-tests.md": documentText(full, quick),
    "p99-tests-shift.svg": linePlot({
      title: "Everything slower: who notices?",
      xTitle: "slow-down of every operation",
      conditions: full.shifts.map(({ shift }) => percent(Math.expm1(shift))),
      series: seriesOf(full.shifts, ["KS", "W1", "tail W1", "p99", "Mann-Whitney"]),
      level: 0.05,
    }),
    "p99-tests-tail.svg": linePlot({
      title: "A part of the operations three times as slow: who notices?",
      xTitle: "part of the operations",
      conditions: full.slowParts.map(({ part }) => percent(part)),
      series: seriesOf(full.slowParts, ["KS", "W1", "tail W1", "p99", "Mann-Whitney"]),
      level: 0.05,
    }),
    "p99-tests-false-alarms.svg": barPlot({
      title: "Nothing changed, ten pairs of runs: who alarms?",
      xTitle: "noise of the machine",
      conditions: quiet(full).map(({ noise }) => noise),
      series: seriesOf(quiet(full), [
        "KS",
        "W1",
        "p99",
        "signed rank of pairs",
        "betting on pairs",
      ]),
      level: 0.05,
    }),
  };
}

/** The tables of a quick experiment: what the document's last section holds. */
export function quickTables(quick: ExperimentResult): string {
  return [articleTable(quick), shiftTable(quick), tailTable(quick), runTable(quick)].join("\n\n");
}

function documentText(full: ExperimentResult, quick: ExperimentResult): string {
  const { size } = full;
  const biggest = full.article.at(-1);
  const worst = [...quiet(full)].reverse()[0];
  const calm = Math.max(
    ...quiet(full).flatMap(({ rates }) => RUN_TESTS.map((test) => rates[test])),
  );
  const clustered = full.runs.find((at) => at.noise === "clustered" && at.tailEffect === 0);
  return `# Which test tells that a p99 has shifted?

Written by \`tailguard experiment p99-tests\`; every number and picture comes from one seed and can be made again. A rate is the part of ${size.repetitions} repetitions (${size.runRepetitions} for tests over pairs of runs) in which the test rejected "no change" at 5 %. The standard error of a rate of 50 % is ${percent(standardError(0.5, size.repetitions))}, of one of 5 % ${percent(standardError(0.05, size.repetitions))} (${percent(standardError(0.05, size.runRepetitions))} for tests over pairs).

An article recommends the Wasserstein distance over Kolmogorov and Smirnov's test for p99 shifts: base log-normal (3, 0.5), head log-normal (3.1, 0.5), 10,000 operations a side; KS is said to find the shift in 38.2 % of the cases, Wasserstein in 92.6 %. This page repeats that, and asks two questions more: what do these tests react to, and what do they say where operations are not independent?

**In short.** With 10,000 operations both find that shift always: KS in ${percent(biggest?.rates.KS ?? 0)}, Wasserstein in ${percent(biggest?.rates.W1 ?? 0)} of the repetitions. Neither tests p99: both see the middle of the distribution. And on runs of a real machine every test over operations alarms falsely: in the noise of a shared machine KS in ${percent(worst?.rates.KS ?? 0)} and Wasserstein in ${percent(worst?.rates.W1 ?? 0)} of cases in which nothing changed, where tests over pairs of runs alarm in ${percent(calm)} at most. So Tailguard decides over pairs of runs, with one p99 a run, and shows distances between distributions as description only.

## The article's question

Everything ${percent(Math.expm1(0.1))} slower. KS: Kolmogorov and Smirnov. AD: Anderson and Darling. W1: Wasserstein distance. Tail W1: the same over the slowest 5 %. p99: difference of the logarithms of both p99. All but KS and Mann-Whitney by permutation (${size.permutations}).

${articleTable(full)}

No number of operations gives the article's pair of 38 % and 93 %: where KS finds 38 %, W1 finds hardly more.

## What do they react to?

Everything slower by a part, ${size.operations} operations a side. A test of p99 should see this last, for the p99 of one sample is known far less well than its middle:

${shiftTable(full)}

![Rejection rate by slow-down of every operation](p99-tests-shift.svg)

A part of the operations three times as slow, the rest as before:

${tailTable(full)}

![Rejection rate by the part of operations that is slow](p99-tests-tail.svg)

Here Wasserstein is better than KS, as the article says, and the distance of the tails better still; KS and Mann-Whitney hardly notice a change of the slowest percent. All of it for independent operations.

## On runs

All this took operations for independent. They are not: operations of one run share its address layout, its neighbors and its luck. Ten pairs of runs, ${size.operationsPerRun} operations each. *Clustered*: every run has an offset of 2 %, every pair one of 5 %, and the share of slow operations varies. *Noisy*: larger, wandering from pair to pair, and one run in seven hit by a burst. The tail is each run's operations above its own 97th percentile.

${runTable(full)}

![False alarms by noise](p99-tests-false-alarms.svg)

Tests over operations pool them from all runs, and their error shrinks with the number of operations while the offsets of the runs do not: more operations make it worse. With clustered runs KS alarms in ${percent(clustered?.rates.KS ?? 0)} of the harmless cases. The U test over run p99s, the signed-rank test over pairs and the betting over pairs (which may be looked at after every pair; that is what its lower power buys) alarm in ${percent(calm)} at most. That the powerful ones in this table alarm falsely is the whole story: power of a test that does not keep its level is no power.

What Tailguard does with it: \`src/stats/e-process.ts\`, \`src/stats/signed-rank.ts\`, \`src/analyze/latency\`.

## Quick run

\`tailguard experiment p99-tests --quick\` takes seconds, has few repetitions and prints exactly this; the tests of the program hold it to these tables.

${quickTables(quick)}
`;
}

function articleTable({ article }: ExperimentResult): string {
  return table(
    "operations a side",
    OPERATION_TESTS,
    article.map(({ operations, rates }) => ({ label: String(operations), rates })),
  );
}

function shiftTable({ shifts }: ExperimentResult): string {
  return table(
    "everything slower by",
    OPERATION_TESTS,
    shifts.map(({ shift, rates }) => ({ label: percent(Math.expm1(shift)), rates })),
  );
}

function tailTable({ slowParts }: ExperimentResult): string {
  return table(
    "part three times as slow",
    OPERATION_TESTS,
    slowParts.map(({ part, rates }) => ({ label: percent(part), rates })),
  );
}

function runTable({ runs }: ExperimentResult): string {
  return table(
    "runs, the tail slower by",
    [...OPERATION_TESTS, ...RUN_TESTS],
    runs.map(({ noise, tailEffect, rates }) => ({
      label:
        tailEffect === 0 ? `${noise}, nothing (false alarms)` : `${noise}, ${percent(tailEffect)}`,
      rates,
    })),
  );
}

function table<T extends string>(
  first: string,
  tests: readonly T[],
  rows: readonly { readonly label: string; readonly rates: Readonly<Record<T, number>> }[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line([first, ...tests]),
    line(["---", ...tests.map(() => "--:")]),
    ...rows.map(({ label, rates }) => line([label, ...tests.map((test) => percent(rates[test]))])),
  ].join("\n");
}

function quiet({ runs }: ExperimentResult) {
  return runs.filter(({ tailEffect }) => tailEffect === 0);
}

function seriesOf<T extends string>(
  rows: readonly { readonly rates: Readonly<Record<T, number>> }[],
  tests: readonly T[],
) {
  return tests.map((name) => ({ name, rates: rows.map(({ rates }) => rates[name]) }));
}

/** Of a rate that was seen in so many repetitions. */
function standardError(rate: number, repetitions: number): number {
  return Math.sqrt((rate * (1 - rate)) / repetitions);
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(1))} %`;
}
