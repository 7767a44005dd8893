// What -d=checkptr=2 found at run time: the conversion, the stack it stood in, and whether base fails
// the same way, which would be no news.
//
// The text is what the Go runtime prints when it throws, the goroutine that failed first:
//   fatal error: checkptr: pointer arithmetic result points to invalid allocation
//   goroutine 7 gp=0xc000102e00 m=0 mp=0x… [running]:
//   example.com/m.last(...)
//   	example.com/m/last.go:12 +0x1d fp=0x… sp=0x… pc=0x…
import type { SourceEvidence } from "../../evidence/evidence.ts";
import type { PointerCheck } from "../../evidence/manifest.ts";
import { type PackagePaths, packagePaths } from "../../evidence/package-paths.ts";
import type { Analysis, Degradation } from "../finding.ts";
import type { Frame } from "../profile-finding.ts";
import type { BridgeFinding } from "../source-finding.ts";

/** A stack deeper than this is recursion, and its top says all. */
const MOST_FRAMES = 30;

export function readPointerChecks(evidence: SourceEvidence): Analysis<BridgeFinding> {
  const checks = evidence.manifest.pointerChecks ?? [];
  const paths = packagePaths(evidence.manifest.packages);
  const failsOnBase = (check: PointerCheck) =>
    checks.some(
      (other) => other.side === "base" && other.outcome === "failed" && isSameRun(other, check),
    );
  const failed = checks.filter(({ side, outcome }) => side === "head" && outcome === "failed");
  const findings = failed.flatMap((check) => {
    const text =
      check.output === undefined ? "" : (evidence.pointerOutputs?.get(check.output) ?? "");
    return failsOnBase(check) ? [] : toFinding(check, text, paths);
  });
  // Benchmarks come before tests: of one conversion that both end at, the benchmark is named.
  const placeOf = ({ position }: BridgeFinding) => `${position.file}:${position.line}`;
  const once = new Map(findings.toReversed().map((at) => [placeOf(at), at]));
  return { findings: [...once.values()].reverse(), degraded: checks.flatMap(notRun) };
}

function isSameRun(a: PointerCheck, b: PointerCheck): boolean {
  return a.cell === b.cell && a.package === b.package && a.ran === b.ran;
}

/** Tests that fail for reasons of their own are no concern here; benchmarks should have run. */
function notRun({ ran, side, outcome, reason, package: path }: PointerCheck): Degradation[] {
  if (outcome !== "other" || side !== "head" || ran !== "benchmarks") return [];
  const text = `conversions through unsafe.Pointer of ${path} were not checked at run time: ${reason}`;
  return [{ strategy: "ast", reason: text }];
}

function toFinding(check: PointerCheck, text: string, paths: PackagePaths): BridgeFinding[] {
  const frames = framesOf(text, paths);
  const [first] = frames;
  if (first === undefined) return [];
  const words = /^fatal error: checkptr: ([^\n]{1,300})/.exec(text)?.[1] ?? "a check failed";
  const benchmark = frames.map(({ function: name }) => /\.(Benchmark\w+)/.exec(name)?.[1]);
  const ran = benchmark.find((name) => name !== undefined) ?? `the ${check.ran}`;
  const dot = first.function.indexOf(".", first.function.lastIndexOf("/") + 1);
  return [
    {
      kind: "bridge",
      package: dot < 0 ? check.package : first.function.slice(0, dot),
      function: first.function.slice(dot + 1),
      problem: "checkptr",
      text: `\`-d=checkptr=2\` ends ${ran} here: ${words}`,
      position: { file: first.file, line: first.line },
      check: { ran, frames },
    },
  ];
}

/** Frames of the first goroutine below the runtime's own, innermost first. */
function framesOf(text: string, { dir }: PackagePaths): Frame[] {
  const start = text.indexOf("\ngoroutine ");
  const end = text.indexOf("\n\n", start + 1);
  const lines = text.slice(Math.max(0, start + 1), end < 0 ? undefined : end).split("\n");
  const frames: Frame[] = [];
  for (let at = 0; at + 1 < lines.length && frames.length < MOST_FRAMES; at++) {
    const name = /^(\S.*)\((.*)\)$/.exec(lines[at] ?? "")?.[1];
    const place = /^\t(\S+\.go):(\d{1,7})(?: |$)/.exec(lines[at + 1] ?? "");
    if (name === undefined || place === null) continue;
    if (frames.length === 0 && name.startsWith("runtime.")) continue;
    const [, path = "", line] = place;
    frames.push({ function: name, file: inRepository(path, dir), line: Number(line) });
  }
  return frames;
}

/** "example.com/m/sub/a.go" is "sub/a.go" in the repository; files from elsewhere stay. */
function inRepository(path: string, dirOf: PackagePaths["dir"]): string {
  const slash = path.lastIndexOf("/");
  const dir = dirOf(path.slice(0, slash));
  if (dir === undefined) return path;
  const file = path.slice(slash + 1);
  return dir === "." ? file : `${dir}/${file}`;
}
