// What a configuration would have stopped, for a terminal: a run a paragraph, a rule with each block.
import { oneLine, shorten } from "../../report/escape.ts";
import { formatSigned } from "../../report/format.ts";
import type { Replay, ReplayedMetric } from "./replay.ts";

/** More lines of one run say nothing that its first ones do not. */
const MOST_LINES = 20;
const LINE_MAX = 300;

export function replayText(replays: readonly Replay[]): string {
  const stopping = replays.filter(({ blocking, held }) => blocking.length + held.length > 0).length;
  const summary = `${replays.length} ${replays.length === 1 ? "run" : "runs"}: ${stopping} would be stopped.`;
  return [...replays.map(paragraph), summary].join("\n\n");
}

function paragraph(replay: Replay): string {
  const { run, head, conclusion, was, title, blocking, accepted, held, notes } = replay;
  const before = was === undefined ? "" : was === conclusion ? ", as it was" : `, was ${was}`;
  const lines = [
    ...blocking.map((at) => `  blocks    ${metricText(at)} by "${at.by}"`),
    ...held.map((rule) => `  holds     ${rule}`),
    ...accepted.map((at) => `  accepted  ${metricText(at)} by ${at.by}`),
    ...notes.map((note) => `  note      ${note}`),
  ].map((line) => shorten(`  ${line.slice(2, 12)}${oneLine(line.slice(12))}`, LINE_MAX));
  const left = lines.length - MOST_LINES;
  return [
    shorten(oneLine(`${run} (${head.slice(0, 12)}): ${conclusion}${before}`), LINE_MAX),
    shorten(`  ${oneLine(title)}`, LINE_MAX),
    ...lines.slice(0, MOST_LINES),
    ...(left > 0 ? [`  … ${left} more`] : []),
  ].join("\n");
}

function metricText({ benchmark, metric, change }: ReplayedMetric): string {
  const size = change === null ? "from 0" : `${formatSigned(change)} %`;
  return `${metric} ${size} of ${benchmark}`;
}
