// The words of a cause: one sentence for a person, and the chain from the metric down.
import type { DecisionFinding, SyntaxChange } from "../analyze/finding.ts";
import type { ProfileView, Suspect } from "./suspects.ts";
import { anyChange, tellingChange } from "./telling-change.ts";
import type { JudgedMetric } from "./verdict.ts";

/** One sentence: what happened to the function, and what it did to which benchmark. */
export function causeText(
  suspect: Suspect,
  decision: DecisionFinding | undefined,
  metric: JudgedMetric,
  benchmark: string,
): string {
  const change = tellingChange(suspect, metric);
  const what =
    decision === undefined
      ? `\`${suspect.name}\` ${sourceWords(suspect, change)}`
      : decisionWords(decision) + (change === undefined ? "" : `: ${change.text}`);
  return `${what}; ${effectWords(metric)} in \`${benchmark}\`.`;
}

/** From the metric to the decision or the leaf of the stack, one step an item. */
export function chainOf(
  suspect: Suspect,
  decision: DecisionFinding | undefined,
  metric: JudgedMetric,
  path: { readonly benchmark: string; readonly view: ProfileView },
): string[] {
  const steps = [`${metric.metric} of ${path.benchmark} ${percent(metric.change)}`];
  const stack = path.view.stacks.find((at) =>
    at.frames.some((frame) => frame.function === suspect.function),
  );
  if (stack === undefined) steps.push(suspect.function);
  else steps.push(...[...stack.frames].reverse().map((frame) => frame.function));
  const change = tellingChange(suspect, metric);
  if (change !== undefined) steps.push(change.text);
  if (decision !== undefined) steps.push(decision.head || `no longer: ${decision.base}`);
  return steps;
}

/** The frame where the runtime allocates on a stack that moved, if any. */
export function allocationFrame(view: ProfileView): string | undefined {
  for (const stack of view.stacks) {
    for (const frame of stack.frames) {
      if (/^runtime\.(mallocgc|newobject|makeslice|growslice)/.test(frame.function)) {
        return frame.function;
      }
    }
  }
  return undefined;
}

/** "changed: a loop was added", or how it changed where nothing fits the metric. */
function sourceWords(suspect: Suspect, change: SyntaxChange | undefined): string {
  if (change !== undefined) return `changed: ${change.text}`;
  const other = anyChange(suspect);
  return other === undefined ? changeWords(suspect) : `${changeWords(suspect)} (${other.text})`;
}

function changeWords(suspect: Suspect): string {
  const changes = new Set(suspect.declarations.map((finding) => finding.change));
  if (changes.has("signature")) return "has another signature";
  if (changes.has("added")) return "is new";
  if (changes.has("removed")) return "is gone";
  if (changes.has("changed")) return "changed";
  return "is compiled differently";
}

function decisionWords(decision: DecisionFinding): string {
  const name = `\`${decision.function}\``;
  const said = decision.head || decision.base;
  switch (decision.decision) {
    case "inlining":
      return decision.direction === "better"
        ? `${name} can now be inlined (${said})`
        : `${name} is no longer inlined (${said})`;
    case "inlined-call":
      return decision.direction === "better"
        ? `a call in ${name} is now inlined (${said})`
        : `a call in ${name} is no longer inlined (${said})`;
    case "escape":
      return decision.direction === "better"
        ? `less escapes to the heap in ${name} (before: ${said})`
        : `in ${name}, ${said}`;
    case "bounds-check":
      return decision.direction === "better"
        ? `${name} checks fewer bounds`
        : `${name} checks more bounds (${said})`;
  }
}

function effectWords(metric: JudgedMetric): string {
  const interval =
    metric.comparison === "exact" ? "" : ` [${percent(metric.low)}, ${percent(metric.high)}]`;
  if (!Number.isFinite(metric.change))
    return `${metric.metric} from ${metric.base} to ${metric.head}`;
  return `${metric.metric} ${percent(metric.change)}${interval}`;
}

/** "+18 %", "−0.5 %"; one digit below ten. From a base of 0: "from none". */
export function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return "from none";
  const value = fraction * 100;
  const digits = Math.abs(value) < 10 ? 1 : 0;
  return `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(digits)} %`;
}
