// Remarks on lines of the diff: broken conversions through unsafe.Pointer and causes first, then
// decision flips for the worse that no cause names. Only lines inside a hunk on the head side; what cannot be anchored stays in the summary,
// where all causes are. A compiler note is a notice and never looks like an error.
import type { Finding } from "../analyze/finding.ts";
import type { BridgeFinding, DecisionFinding } from "../analyze/source-finding.ts";
import type { Annotation } from "./check-run-draft.ts";
import { oneLine, plainProse, shorten } from "./escape.ts";
import { formatPercent } from "./format.ts";
import { type Hunks, isCommentable } from "./hunks.ts";
import { ANNOTATION_TITLE_MAX, ANNOTATIONS_AIM } from "./limits.ts";
import type { Report, ReportCause } from "./report-schema.ts";
import { benchmarkLabels } from "./rows.ts";

const SENTENCE_CHARACTERS = 1_000;
const STEPS_MAX = 12;

type Anchored = { readonly path: string; readonly line: number };

function annotationAt(
  { path, line }: Anchored,
  level: Annotation["annotation_level"],
  text: { readonly title: string; readonly message: string },
): Annotation {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: shorten(oneLine(text.title), ANNOTATION_TITLE_MAX),
    message: text.message,
  };
}

function levelOf(report: Report, cause: ReportCause): Annotation["annotation_level"] {
  const metric = report.benchmarks
    .filter(({ name, package: path }) => name === cause.benchmark && path === cause.package)
    .flatMap(({ metrics }) => metrics)
    .find(({ name }) => name === cause.metric);
  if (metric?.decision !== "regressed") return "notice";
  return metric.blocks ? "failure" : "warning";
}

function causeAnnotation(report: Report, cause: ReportCause): Annotation {
  const label = benchmarkLabels(report)({ name: cause.benchmark, package: cause.package });
  const share =
    cause.share === undefined ? "" : `\nExplains ${formatPercent(cause.share)} of the change.`;
  const steps = cause.chain.slice(0, STEPS_MAX).map((step) => `- ${plainProse(step)}`);
  const lines = [plainProse(cause.text), ...steps].map((line) =>
    shorten(line, SENTENCE_CHARACTERS),
  );
  return annotationAt({ path: cause.file, line: cause.line }, levelOf(report, cause), {
    title: `${label}: ${cause.metric}`,
    message: lines.join("\n") + share,
  });
}

function flipAnnotation(finding: DecisionFinding): Annotation {
  const sides = [
    ["base", finding.base],
    ["head", finding.head],
  ].map(
    ([side, words]) =>
      `${side}: ${shorten(oneLine(words ?? ""), SENTENCE_CHARACTERS) || "nothing said"}`,
  );
  return annotationAt({ path: finding.position.file, line: finding.position.line }, "notice", {
    title: `${finding.function}: ${finding.decision} changed`,
    message: `The compiler decides differently here. No measured regression was tied to it.\n${sides.join("\n")}`,
  });
}

/** Not an error of ours to prove: a warning, at the conversion. */
function bridgeAnnotation({ function: name, text, position, check }: BridgeFinding): Annotation {
  const frames = (check?.frames ?? [])
    .slice(0, STEPS_MAX)
    .map((at) => `- ${at.function} ${at.file}:${at.line}`);
  const lines = [text, ...frames].map((line) =>
    shorten(plainProse(oneLine(line)), SENTENCE_CHARACTERS),
  );
  return annotationAt({ path: position.file, line: position.line }, "warning", {
    title: `SemanticBridgeBroken: ${name}`,
    message: lines.join("\n"),
  });
}

function flipsOf(findings: readonly Finding[]): readonly DecisionFinding[] {
  return findings.filter(
    (finding): finding is DecisionFinding =>
      finding.kind === "decision" && finding.direction === "worse" && finding.side === "head",
  );
}

/** At most ten, one a line, in the order of the causes; the rest is in the summary and the text. */
export function annotationsFor(input: {
  readonly report: Report;
  readonly findings: readonly Finding[];
  readonly hunks: Hunks;
}): readonly Annotation[] {
  const { report, findings, hunks } = input;
  const causes = report.causes
    .filter((cause) => cause.side === "head" && cause.kind !== "unknown")
    .map((cause) => ({
      position: { file: cause.file, line: cause.line },
      write: () => causeAnnotation(report, cause),
    }));
  const flips = flipsOf(findings).map((flip) => ({
    position: flip.position,
    write: () => flipAnnotation(flip),
  }));
  const bridges = findings
    .filter((finding): finding is BridgeFinding => finding.kind === "bridge")
    .map((bridge) => ({ position: bridge.position, write: () => bridgeAnnotation(bridge) }));
  const lines = new Set<string>();
  return [...bridges, ...causes, ...flips]
    .filter(({ position }) => {
      const key = `${position.file}:${position.line}`;
      if (lines.has(key) || !isCommentable(hunks, "head", position)) return false;
      return lines.add(key);
    })
    .slice(0, ANNOTATIONS_AIM)
    .map(({ write }) => write());
}
