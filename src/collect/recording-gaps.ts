// Says of which benchmarks single operations are not recorded, and why: their percentiles are those of
// whole processes, and a change of the tail alone is not seen.
import type { Manifest } from "../evidence/manifest.ts";
import type { BuiltPackage } from "./build-packages.ts";
import type { FoundBenchmark } from "./find-benchmarks.ts";
import { functionOf } from "./keep-controls.ts";

/** Functions named in a package's sentence; the others are counted. */
const MOST_NAMED = 5;

/** One sentence for what a package's build left alone, and one for its benchmarks without a loop. */
export function recordingGaps(
  found: readonly FoundBenchmark[],
  built: readonly BuiltPackage[],
): Manifest["degraded"] {
  return built
    .flatMap((at) => [at.unrecorded, withoutLoops(found, at)].map((text) => [at, text] as const))
    .filter(([, text]) => text !== "")
    .map(([{ head }, text]) => ({ strategy: "latency", reason: `${head.importPath}: ${text}` }));
}

function withoutLoops(
  found: readonly FoundBenchmark[],
  { head, uncovered, overlays }: BuiltPackage,
): string {
  if (overlays === undefined) return ""; // Said of the whole package.
  const own = found.filter((one) => one.package === head.importPath && !one.isRecorded);
  const reasons = new Map<string, string>();
  for (const name of own.map((one) => functionOf(one.name))) {
    const reason = uncovered.get(name);
    if (reason !== undefined) reasons.set(name, reason);
  }
  if (reasons.size === 0) return "";
  const named = [...reasons].slice(0, MOST_NAMED).map(([name, reason]) => `${name} (${reason})`);
  const more = reasons.size > MOST_NAMED ? ` and ${reasons.size - MOST_NAMED} more` : "";
  return `single operations are not recorded of ${named.join(", ")}${more}`;
}
