// Where the CPU time of a benchmark went, as text: one table a profiled benchmark, whose rows add up to
// the change that was measured, with what they miss of it as a row of its own.
import { shorten, visible } from "./escape.ts";
import { formatCount, formatSampled, formatSampledChange } from "./format.ts";
import { shortFunction } from "./function-name.ts";
import type { ReportLedger, ReportMovedCode } from "./ledger-schema.ts";
import type { Report } from "./report-schema.ts";
import { benchmarkLabels, NAME_MAX } from "./rows.ts";

export type LedgerText = {
  readonly label: string;
  readonly rows: readonly LedgerLine[];
  /** Whether the rows add up, and over how many profiles. */
  readonly sentence: string;
  /** A sentence for each function that has another name or place; names stand between backticks. */
  readonly moved: readonly string[];
};

export type LedgerLine = {
  readonly name: string;
  readonly base: string;
  readonly head: string;
  readonly change: string;
  /** "[+110ns, +130ns]"; empty with one profile a side. */
  readonly interval: string;
  /** "parse.skip +100ns, parse.next +20ns"; empty where no function answers for it. */
  readonly functions: string;
};

type Row = ReportLedger["rows"][number];
type Amount = Omit<Row, "kind" | "functions">;

const NAMES: Readonly<Record<Row["kind"], string>> = {
  changed: "functions that changed",
  moved: "moved to other functions",
  allocation: "allocation",
  gc: "garbage collection",
  lock: "locks",
  scheduler: "scheduler, channels, timers",
  syscall: "system calls",
  other: "all other code",
  unexplained: "not explained",
};

/** Functions below this part of their row's largest change are left to report.json. */
const NAMED_PART = 0.05;

function lineOf(name: string, amount: Amount, functions: string): LedgerLine {
  const { lowNs, highNs } = amount;
  return {
    name,
    base: formatSampled(amount.baseNs),
    head: formatSampled(amount.headNs),
    change: formatSampledChange(amount.changeNs),
    interval:
      lowNs === null || highNs === null
        ? ""
        : `[${formatSampledChange(lowNs)}, ${formatSampledChange(highNs)}]`,
    functions,
  };
}

function functionsText({ functions }: Row): string {
  const largest = Math.abs(functions[0]?.changeNs ?? 0);
  return functions
    .filter(({ changeNs }) => Math.abs(changeNs) > NAMED_PART * largest)
    .map(
      ({ function: name, changeNs }) => `${shortFunction(name)} ${formatSampledChange(changeNs)}`,
    )
    .map((text) => shorten(visible(text), NAME_MAX))
    .join(", ");
}

function rowLine(row: Row): LedgerLine {
  const line = lineOf(NAMES[row.kind], row, functionsText(row));
  return row.kind === "unexplained" ? { ...line, base: "", head: "" } : line;
}

const HOW: Readonly<Record<ReportMovedCode["how"], (base: string, head: string) => string>> = {
  renamed: (base, head) => `${base} is now ${head}`,
  extracted: (base, head) => `${head} was part of ${base}`,
  inlined: (base, head) => `${base} is now part of ${head}`,
  wrapped: (base, head) => `${head} now stands around ${base}`,
  unwrapped: (base, head) => `${base} no longer stands around ${head}`,
};

const CHANGE: Readonly<Record<ReportMovedCode["change"], string>> = {
  same: "moved, no change shown",
  slower: "moved, and slower",
  faster: "moved, and faster",
};

/** "`m.skip` is now `m.skipSpace`: moved, no change shown (120ns an operation in base, 121ns in head)". */
function movedLine({ how, base, head, baseNs, headNs, change }: ReportMovedCode): string {
  const [was, is] = [base, head].map(
    (name) => `\`${shorten(visible(shortFunction(name)), NAME_MAX)}\``,
  );
  const cost = `${formatSampled(baseNs)} an operation in base, ${formatSampled(headNs)} in head`;
  return `${HOW[how](was ?? "", is ?? "")}: ${CHANGE[change]} (${cost})`;
}

function sentenceOf({ profiles, measured, isBalanced, rows }: ReportLedger): string {
  const over = `over ${formatCount(profiles, "CPU profile")} a side`;
  if (measured === undefined) {
    return `As the profiles have it, ${over}: the CPU time of this benchmark was not measured, so nothing says whether the rows add up.`;
  }
  if (isBalanced === true) {
    return `The rows add up to the measured change within the errors of both, ${over}.`;
  }
  const missing = rows.find(({ kind }) => kind === "unexplained")?.changeNs ?? 0;
  return `The rows do not add up to the measured change: ${formatSampledChange(missing)} is beyond the errors of both, ${over}.`;
}

/** One table for each benchmark that was profiled, in the report's order. */
export function ledgerTexts(report: Report): readonly LedgerText[] {
  const labelOf = benchmarkLabels(report);
  return report.benchmarks.flatMap((benchmark) => {
    const { ledger } = benchmark;
    if (ledger === undefined) return [];
    const lines = ledger.rows.map(rowLine);
    const total = ledger.measured && lineOf("measured", ledger.measured, "");
    return [
      {
        label: labelOf(benchmark),
        rows: total === undefined ? lines : [...lines, total],
        sentence: sentenceOf(ledger),
        moved: (ledger.movedCode ?? []).map(movedLine),
      },
    ];
  });
}
