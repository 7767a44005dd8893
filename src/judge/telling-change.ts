// Which change of a function's source says most about why a metric moved.
//
// Among what was added, removed or moved (analyze/ast), the one that costs what the metric counts, in
// the direction it moved. Source is not proof: this only says what changed in a function that other
// evidence already points at.
import type { SyntaxChange } from "../analyze/source-finding.ts";
import type { Suspect } from "./suspects.ts";
import type { JudgedMetric } from "./verdict.ts";

/** Undefined where nothing that changed fits the metric's direction. */
export function tellingChange(suspect: Suspect, metric: JudgedMetric): SyntaxChange | undefined {
  const wanted = metric.change > 0 ? "worse" : "better";
  const fitting = changesOf(suspect).filter((change) => change.direction === wanted);
  const counts = metric.metric === "B/op" || metric.metric === "allocs/op" ? allocates : () => true;
  return fitting.find(counts) ?? fitting[0];
}

function allocates(change: SyntaxChange): boolean {
  return change.group === "allocation";
}

/** What else can be said of a function that changed; undefined where its trees were not compared. */
export function anyChange(suspect: Suspect): SyntaxChange | undefined {
  const changes = changesOf(suspect);
  return changes.find((change) => change.direction === "neutral") ?? changes[0];
}

function changesOf(suspect: Suspect): SyntaxChange[] {
  return suspect.declarations.flatMap((finding) => finding.changes ?? []);
}
