// Leaves out what a benchmark cannot reach: a function that merely changed in the same pull request
// is no cause of its numbers. By the compiler's symbols, inlined functions included; where they do
// not tell, or leave nothing, every function stays under suspicion.
import type { Finding } from "../analyze/finding.ts";
import type { Suspect } from "./suspects.ts";
import type { BenchmarkVerdict } from "./verdict.ts";

type Benchmark = Pick<BenchmarkVerdict, "cell" | "package" | "name">;

export type Reach = {
  /** Suspects that the benchmark can reach; all of them where that is not known. */
  readonly within: readonly Suspect[];
  /** Whether it reaches one by calls alone, and not only where an interface may call it. */
  readonly calls: (suspect: Suspect) => boolean;
};

/** Answers for one benchmark at a time. */
export function reachOf(
  findings: readonly Finding[],
): (suspects: readonly Suspect[], benchmark: Benchmark) => Reach {
  const reached = new Map<string, { called: Set<string>; all: Set<string> }>();
  const key = (...parts: readonly string[]) => parts.join("\0");
  for (const finding of findings) {
    if (finding.kind !== "reach") continue;
    const { cell, package: importPath, function: name, called, possible } = finding;
    reached.set(key(cell, importPath, name), {
      called: new Set(called),
      all: new Set([...called, ...possible]),
    });
  }
  return (suspects, { cell, package: importPath, name }) => {
    const own = reached.get(key(cell, importPath, name.split("/")[0] ?? ""));
    const within = suspects.filter((suspect) => own?.all.has(suspect.function));
    return {
      within: within.length > 0 ? within : suspects,
      calls: (suspect) => own?.called.has(suspect.function) === true,
    };
  };
}
