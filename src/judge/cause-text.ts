// The words of a cause: one sentence for a person, and the chain from the metric down.
import type { AllocationSiteFinding, WaitFinding } from "../analyze/profile-finding.ts";
import type { DecisionFinding, SyntaxChange } from "../analyze/source-finding.ts";
import { codeWords } from "./machine-code.ts";
import type { MetricView } from "./metric-view.ts";
import type { Suspect } from "./suspects.ts";
import { anyChange, tellingChange } from "./telling-change.ts";
import type { JudgedMetric } from "./verdict.ts";

/** One sentence: what happened to the function, and what it did to which benchmark. */
export function causeText(
  { suspect, decision, site }: Known,
  metric: JudgedMetric,
  benchmark: string,
): string {
  const change = tellingChange(suspect, metric);
  const changed = `\`${suspect.name}\` ${sourceWords(suspect, change)}`;
  const what =
    decision !== undefined
      ? decisionWords(decision) + (change === undefined ? "" : `: ${change.text}`)
      : site !== undefined
        ? `${changed}; it allocates ${allocationWords(site)}`
        : changed;
  return `${what}; ${effectWords(metric)} in \`${benchmark}\`.`;
}

/** What is known of a function: the flip that fits, and what it allocates more or less. */
type Known = {
  readonly suspect: Suspect;
  readonly decision: DecisionFinding | undefined;
  readonly site: AllocationSiteFinding | undefined;
};

/** One sentence for what the profiles saw and no change leads to. */
export function seenText(
  seen: AllocationSiteFinding | WaitFinding,
  metric: JudgedMetric,
  benchmark: string,
): string {
  const what =
    seen.kind === "wait" ? `waits ${waitWords(seen)}` : `allocates ${allocationWords(seen)}`;
  return `\`${seen.function}\` ${what}, and neither it nor what leads there changed; ${effectWords(metric)} in \`${benchmark}\`.`;
}

/** "48 B more in 1 object more an operation"; counts to a hundredth, because they are sampled. */
function allocationWords(site: AllocationSiteFinding): string {
  const more = (change: number, unit: string) =>
    `${rounded(Math.abs(change))} ${unit} ${change < 0 ? "less" : "more"}`;
  const objects = site.headObjects - site.baseObjects;
  const bytes = more(site.headBytes - site.baseBytes, "B");
  const noun = rounded(Math.abs(objects)) === "1" ? "object" : "objects";
  return Math.abs(objects) < 0.005
    ? `${bytes} an operation`
    : `${bytes} in ${rounded(Math.abs(objects))} ${noun} ${objects < 0 ? "fewer" : "more"} an operation`;
}

const WAITS: Readonly<Record<WaitFinding["source"], string>> = {
  mutex: "others out of a lock",
  block: "",
  "trace-net": "for the network",
  "trace-sync": "for locks and channels",
  "trace-syscall": "in system calls",
  "trace-sched": "for a processor",
};

/** "1.2 µs longer an operation for locks and channels". */
function waitWords({ baseNs, headNs, source }: WaitFinding): string {
  const change = headNs - baseNs;
  const size = Math.abs(change);
  const [value, unit] =
    size < 1e3 ? [size, "ns"] : size < 1e6 ? [size / 1e3, "µs"] : [size / 1e6, "ms"];
  const how = change < 0 ? "shorter" : "longer";
  return `${value.toPrecision(3)} ${unit} ${how} an operation ${WAITS[source]}`.trim();
}

function rounded(value: number): string {
  return String(Number(value < 10 ? value.toFixed(2) : value.toFixed(0)));
}

/**
 * From the metric to the decision, one step an item; to the leaf of the stack where none is known.
 * What the function calls is left out before a decision: it was made in the function itself.
 */
export function chainOf(
  suspect: Suspect,
  decision: DecisionFinding | undefined,
  metric: JudgedMetric,
  path: { readonly benchmark: string; readonly view: MetricView },
): string[] {
  const steps = [`${metric.metric} of ${path.benchmark} ${percent(metric.change)}`];
  const stack = path.view.stacks.find((at) =>
    at.frames.some((frame) => frame.function === suspect.function),
  );
  const change = tellingChange(suspect, metric);
  const isDecided = change !== undefined || decision !== undefined;
  const frames = (stack?.frames ?? []).map((frame) => frame.function);
  const own = isDecided ? frames.slice(frames.indexOf(suspect.function)) : frames;
  if (stack === undefined) steps.push(suspect.function);
  else steps.push(...own.reverse());
  if (change !== undefined) steps.push(change.text);
  // A decision says more than what became of the code by it.
  if (decision !== undefined) steps.push(decision.head || `no longer: ${decision.base}`);
  else if (suspect.code !== undefined) steps.push(codeWords(suspect.code));
  return steps;
}

/** The frame where the runtime allocates on a stack that moved, if any. */
export function allocationFrame(view: MetricView): string | undefined {
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
  if (suspect.code !== undefined && other === undefined) {
    return `${changeWords(suspect)} (${codeWords(suspect.code)})`;
  }
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
        ? `fewer escapes to the heap in ${name} (before: ${said})`
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
