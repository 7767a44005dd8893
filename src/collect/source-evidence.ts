// The evidence that needs no run: syntax and compiler texts, in the bundle and for whoever wants to say
// something while benchmarks are still to come.

import type { SourceEvidence } from "../evidence/evidence.ts";
import type { PackageRecord, Side } from "../evidence/manifest.ts";
import type { BuiltPackage } from "./build-packages.ts";
import { bundleName, writeBundleFile } from "./bundle.ts";
import type { CellRequest } from "./cell-request.ts";
import type { CompiledModule } from "./compile-unmeasured.ts";

type Texts = Readonly<Record<Side, string>>;

/** A package or module and what the compiler printed of it. */
export type CompiledText = {
  readonly importPath: string;
  readonly dir: string;
  readonly reached?: PackageRecord["reached"];
  readonly texts: Texts;
};

export function textOfBuilt({ head, optimizations, affected }: BuiltPackage): CompiledText {
  return {
    importPath: head.importPath,
    dir: head.dir,
    reached: Object.fromEntries(
      [...affected.reached].map(([name, { called, possible }]) => [
        name,
        { called: [...called], possible: [...possible] },
      ]),
    ),
    texts: optimizations,
  };
}

export function textOfModule({ importPath, dir, texts }: CompiledModule): CompiledText {
  return { importPath, dir, texts };
}

/** The value that analyzers of source and compiler take. */
export function sourceEvidence(
  compiled: readonly CompiledText[],
  syntax: SourceEvidence["syntax"],
  { plan, cell }: CellRequest,
): SourceEvidence {
  const packages = compiled.map(({ importPath, dir, reached, texts }) => ({
    record: {
      cell: cell.id,
      importPath,
      dir,
      files: {},
      ...(reached === undefined ? {} : { reached }),
    },
    baseCompiler: texts.base,
    headCompiler: texts.head,
  }));
  return {
    manifest: { plan, packages: packages.map(({ record }) => record) },
    ...(syntax === undefined ? {} : { syntax }),
    packages,
  };
}

/** Writes what the compiler said of packages that are not measured. */
export async function writeCompilerTexts(
  compiled: readonly CompiledText[],
  { cell, outDir }: CellRequest,
): Promise<PackageRecord[]> {
  const records: PackageRecord[] = [];
  for (const [index, { importPath, dir, texts }] of compiled.entries()) {
    const folder = `packages/${bundleName(cell.id)}/${index}-${bundleName(importPath)}`;
    const write = (name: string, text: string) =>
      writeBundleFile(outDir, `${folder}/${name}`, text);
    records.push({
      cell: cell.id,
      importPath,
      dir,
      files: {
        baseCompiler: await write("base.compiler.txt", texts.base),
        headCompiler: await write("head.compiler.txt", texts.head),
      },
    });
  }
  return records;
}
