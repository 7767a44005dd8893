// Functions whose machine code or stack frame has another size, with their place in head.
//
// The runner compared the symbols; here they become functions of the source. Test code is left out:
// it is not what ships.
import type { PackageRecord } from "../../evidence/manifest.ts";
import type { DeclarationSite } from "../../goast/locate.ts";
import type { MachineCodeFinding } from "../source-finding.ts";

/** A function that several packages compiled counts once. */
export function machineCodeFindings(
  records: readonly PackageRecord[],
  headSites: readonly DeclarationSite[],
  packageOf: (site: DeclarationSite) => string,
): MachineCodeFinding[] {
  const all = records.flatMap((record) => record.machineCode ?? []);
  if (all.length === 0) return [];
  const sites = new Map(
    headSites
      .filter(({ declaration, file }) => declaration.kind === "func" && !isTest(file.path))
      .map((site) => [`${packageOf(site)}.${site.declaration.name}`, site]),
  );
  const findings = new Map<string, MachineCodeFinding>();
  for (const { package: importPath, function: name, base, head } of all) {
    const full = `${importPath}.${name}`;
    const site = sites.get(full);
    if (site === undefined || findings.has(full)) continue;
    const position = { file: site.file.path, line: site.declaration.startLine };
    const code = { package: importPath, function: name, base, head, position };
    findings.set(full, { kind: "machine-code", ...code });
  }
  return [...findings.values()];
}

function isTest(path: string): boolean {
  return path.endsWith("_test.go");
}
