// What the findings say of one benchmark's functions, by the keys that its profiles know them by.
import type { Finding } from "../analyze/finding.ts";
import type { ProfileRecord } from "../evidence/manifest.ts";
import { parseSymbol } from "../pprof/symbol.ts";

/** Functions that the analysis found significant; undefined where it tests none, as only CPU's are. */
export function movedKeys(
  record: ProfileRecord,
  findings: readonly Finding[],
): ReadonlySet<string> | undefined {
  if (record.kind !== "cpu") return undefined;
  const moved = findings.flatMap((finding) =>
    finding.kind === "function-share" && finding.moved && isOf(finding.benchmark, record)
      ? [parseSymbol(finding.function).key]
      : [],
  );
  return new Set(moved);
}

export type Renamed = {
  /** Keys of base by those that the same functions have on head. */
  readonly keys: ReadonlyMap<string, string>;
  /** Both names, by the key on head. */
  readonly names: ReadonlyMap<string, string>;
};

/** The functions that the analysis found to have another name on head. */
export function renamedFunctions(record: ProfileRecord, findings: readonly Finding[]): Renamed {
  const keys = new Map<string, string>();
  const names = new Map<string, string>();
  for (const finding of findings) {
    if (finding.kind !== "moved-code" || finding.how !== "renamed") continue;
    if (!isOf(finding.benchmark, record)) continue;
    const { base, head } = finding;
    const key = parseSymbol(head).key;
    keys.set(parseSymbol(base).key, key);
    names.set(key, `${head} (base: ${base})`);
  }
  return { keys, names };
}

type OfBenchmark = { readonly cell: string; readonly package: string; readonly name: string };

function isOf({ cell, package: importPath, name }: OfBenchmark, record: ProfileRecord): boolean {
  return cell === record.cell && importPath === record.package && name === record.benchmark;
}
