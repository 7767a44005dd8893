// The first thing read: one word for the conclusion, one sentence of counts, and for a run that
// measured nothing what happened, why, and what to do. A failure of ours never sounds like a
// regression.
import { oneLine, shorten, visible, visibleLines } from "./escape.ts";
import { formatCount } from "./format.ts";
import { heldText } from "./policy-text.ts";
import type { Report, ReportBenchmark, ReportMetric } from "./report-schema.ts";
import { isTold } from "./rows.ts";

export type Headline = {
  /** How to color it: the conclusion, apart from what was only not measured. */
  readonly tone: "good" | "bad" | "unsure";
  readonly word: string;
  readonly sentence: string;
  /** What to do about it; empty when nothing has to be done. */
  readonly advice: string;
  /** A build log; empty when there is none. */
  readonly log: string;
};

/** Benchmarks by their worst metric; `blocking` and `accepted` ones are among the `regressed`. */
export type Counts = Readonly<
  Record<"regressed" | "improved" | "same" | "unknown" | "blocking" | "accepted", number>
>;

/** A measured benchmark counts once; the mean alone makes none unknown. */
export function countBenchmarks(benchmarks: readonly ReportBenchmark[]): Counts {
  const counts = { regressed: 0, improved: 0, same: 0, unknown: 0, blocking: 0, accepted: 0 };
  for (const { metrics } of benchmarks) {
    if (metrics.length === 0) continue;
    const told = metrics.filter(isTold);
    const has = (decision: string) => told.some((metric) => metric.decision === decision);
    if (metrics.some((metric) => metric.blocks)) counts.blocking++;
    else if (metrics.some(isAccepted)) counts.accepted++;
    if (has("regressed")) counts.regressed++;
    else if (has("unknown")) counts.unknown++;
    else if (has("improved")) counts.improved++;
    else counts.same++;
  }
  return counts;
}

function isAccepted(metric: ReportMetric): boolean {
  return metric.decision === "regressed" && metric.waiver?.state === "accepted";
}

function regressedText({ regressed, blocking, accepted }: Counts): string {
  if (regressed === 0) return "none regressed";
  const stopping =
    blocking === 0 ? "none blocks" : `${blocking} ${blocking === 1 ? "blocks" : "block"}`;
  const waived = accepted === 0 ? "" : `, ${accepted} ${accepted === 1 ? "is" : "are"} accepted`;
  return `${regressed} regressed (${stopping} the merge${waived})`;
}

function countsSentence(measured: number, counts: Counts): string {
  const rest = [
    [counts.improved, "improved"],
    [counts.unknown, "unknown"],
    [counts.same, "the same"],
  ] as const;
  const others = rest.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return `Of ${formatCount(measured, "measured benchmark")} ${[regressedText(counts), ...others].join(", ")}.`;
}

function neutralWord({ regressed, accepted }: Counts): string {
  if (regressed === 0) return "Cannot tell";
  return accepted === regressed ? "Regression, accepted" : "Regression, not blocking";
}

function collected(report: Report): Headline {
  const counts = countBenchmarks(report.benchmarks);
  const measured = counts.regressed + counts.improved + counts.unknown + counts.same;
  const clean = counts.unknown > 0 ? "No regression shown" : "No regression";
  const words = {
    success: ["good", counts.regressed > 0 ? "No blocking regression" : clean],
    failure: ["bad", "Blocking regression"],
    neutral: ["unsure", neutralWord(counts)],
    action_required: ["unsure", "A person is needed"],
    skipped: ["unsure", "Nothing to measure"],
    timed_out: ["unsure", "Out of time"],
  } as const;
  const [tone, word] = words[report.conclusion];
  const counted = measured === 0 ? "" : countsSentence(measured, counts);
  const sentence = `${counted}${heldText(report)}`.trimStart();
  return { tone, word, sentence, advice: "", log: "" };
}

function unchanged(): Headline {
  const sentence =
    "Base and head were built, and every function and table that a benchmark can reach is the same in both: there is nothing to measure.";
  return { tone: "good", word: "No machine code changed", sentence, advice: "", log: "" };
}

/** A compiler's line is shorter; a generated expression in one may be megabytes. */
const LOG_LINE_MAX = 300;

function boundedLog(log: string): string {
  return visibleLines(log.trimEnd())
    .split("\n")
    .map((line) => shorten(line, LOG_LINE_MAX))
    .join("\n");
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Written for who reads it: head is the author's to fix, base is not, and ours is ours. */
export function headlineOf(report: Report): Headline {
  const { outcome } = report;
  switch (outcome.kind) {
    case "collected":
      return collected(report);
    case "nothing-to-measure":
      if (outcome.unchanged === true) return unchanged();
      return {
        tone: "unsure",
        word: "Nothing to measure",
        sentence: capitalized(shorten(oneLine(outcome.reason), 1000)),
        advice: "",
        log: "",
      };
    case "could-not-measure":
      return {
        tone: "unsure",
        word: "Could not measure",
        sentence: capitalized(shorten(oneLine(outcome.reason), 1000)),
        advice:
          "This is a failure of the measurement, not of the change: it says nothing about speed. Run it again; if it stays, the machine or Tailguard needs a look.",
        log: "",
      };
    case "build-failed": {
      const head = outcome.side === "head";
      return {
        tone: head ? "bad" : "unsure",
        word: head ? "Head does not build" : "Base does not build",
        sentence: `The benchmarks of \`${shorten(visible(outcome.package), 200)}\` do not build on ${outcome.side}, so nothing was measured.`,
        advice: head
          ? "Fix what the log names and push again."
          : "This change did not break it: there is no base to compare with. Update the branch onto a base that builds, or name another one with --base.",
        log: boundedLog(outcome.log),
      };
    }
  }
}
