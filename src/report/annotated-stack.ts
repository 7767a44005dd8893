// The stack that shows a cause: leaf first, each frame with what changed in its function. The
// stack comes from the profile, the notes from the compiler's decisions and the syntax diff; the
// join is by the name the runtime gives a function.
import type { Finding } from "../analyze/finding.ts";
import type { AllocationSiteFinding, StackFinding } from "../analyze/profile-finding.ts";
import type { DecisionFinding, DeclarationFinding } from "../analyze/source-finding.ts";
import type { Cause } from "../judge/verdict.ts";
import type { ReportStack } from "./report-schema.ts";

/** Deep recursion is cut: 60 frames are three screens, and no decision needs more. */
const FRAMES_MAX = 60;
const NOTE_MAX = 300;

/** "gopkg.in/yaml.v3" is "gopkg.in/yaml%2ev3" in symbols: the linker escapes the last element. */
function runtimeName(importPath: string, name: string): string {
  const slash = importPath.lastIndexOf("/") + 1;
  const last = importPath.slice(slash).replaceAll(".", "%2e");
  return `${importPath.slice(0, slash)}${last}.${name}`;
}

/** The compiler's words on head; the other side's are in the cause's chain. */
function decisionNote(finding: DecisionFinding): string {
  return finding.head === "" ? `no longer: ${finding.base}` : finding.head;
}

function declarationNote(finding: DeclarationFinding): string {
  if (finding.change === "added") return "new in head";
  return finding.change === "signature" ? "signature changed" : "changed in this diff";
}

function notesByFunction(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  const add = (importPath: string, name: string, note: string) => {
    for (const key of new Set([runtimeName(importPath, name), `${importPath}.${name}`])) {
      const present = notes.get(key);
      if (present?.includes(note)) continue;
      notes.set(key, (present === undefined ? note : `${present}; ${note}`).slice(0, NOTE_MAX));
    }
  };
  for (const finding of findings) {
    if (finding.kind === "decision" && finding.direction === "worse") {
      add(finding.package, finding.function, decisionNote(finding));
    }
  }
  for (const finding of findings) {
    if (finding.kind === "declaration" && finding.declaration === "func") {
      if (finding.change !== "removed") {
        add(finding.package, finding.function, declarationNote(finding));
      }
    }
  }
  return notes;
}

/** A stack of a CPU profile, or of allocations: what explains memory. */
type Stack = StackFinding | AllocationSiteFinding;

function isMemory({ metric }: Cause): boolean {
  return metric === "B/op" || metric === "allocs/op";
}

/**
 * The stack with the cause's function nearest to its leaf; of what is unexplained, the one that moved
 * most. Memory is shown by who allocates where that is known.
 */
function stackFor(cause: Cause, all: readonly Stack[]): Stack | undefined {
  const through = all.filter(
    ({ benchmark, frames }) =>
      benchmark.package === cause.package &&
      benchmark.name === cause.benchmark &&
      (cause.function === "" || frames.some((frame) => frame.function === cause.function)),
  );
  const sites = isMemory(cause) ? through.filter(({ kind }) => kind === "allocation-site") : [];
  const stacks = sites.length > 0 ? sites : through.filter(({ kind }) => kind === "stack");
  const depth = ({ frames }: Stack) =>
    frames.findIndex((frame) => frame.function === cause.function);
  const moved = ({ headShare, baseShare }: Stack) => Math.abs(headShare - baseShare);
  return stacks.sort((one, other) => depth(one) - depth(other) || moved(other) - moved(one))[0];
}

/** One stack for the first, most certain cause of each function and kind; no stack twice. */
export function annotatedStacks(
  causes: readonly Cause[],
  findings: readonly Finding[],
): ReadonlyMap<Cause, ReportStack> {
  const notes = notesByFunction(findings);
  const stacks = findings.filter(
    (finding) => finding.kind === "stack" || finding.kind === "allocation-site",
  );
  const explained = new Set<string>();
  const given = new Set<Stack>();
  const result = new Map<Cause, ReportStack>();
  for (const cause of causes) {
    const subject = cause.function === "" ? cause.benchmark : cause.function;
    const key = `${cause.kind} ${subject}`;
    const stack = explained.has(key) ? undefined : stackFor(cause, stacks);
    if (stack === undefined || given.has(stack)) continue;
    explained.add(key);
    given.add(stack);
    const frames = stack.frames.slice(0, FRAMES_MAX).map((frame) => ({
      function: frame.function,
      file: frame.file,
      line: frame.line,
      note: notes.get(frame.function) ?? "",
    }));
    const { baseShare, headShare } = stack;
    const of = stack.kind === "stack" ? "cpu" : "allocation";
    const ways = stack.kind === "stack" && stack.ways !== undefined ? { ways: stack.ways } : {};
    result.set(cause, { of, baseShare, headShare, ...ways, frames });
  }
  return result;
}
