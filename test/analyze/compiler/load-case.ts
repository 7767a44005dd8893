// Reads a recorded case of test/testdata/compiler as evidence.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Evidence } from "../../../src/evidence/evidence.ts";
import { syntaxSchema } from "../../../src/goast/syntax.ts";
import { evidenceOf } from "../evidence-of.ts";

export const CASES_DIR = fileURLToPath(new URL("../../testdata/compiler", import.meta.url));

export async function caseNames(): Promise<string[]> {
  const entries = await readdir(CASES_DIR, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

export async function loadCase(name: string): Promise<Evidence> {
  const read = (file: string) => readFile(join(CASES_DIR, name, file), "utf8");
  const syntax = async (side: string) =>
    syntaxSchema.parse(JSON.parse(await read(`${side}.syntax.json`)));
  return evidenceOf({
    syntax: { base: await syntax("base"), head: await syntax("head") },
    packages: [
      {
        importPath: `example.com/${name}`,
        dir: ".",
        baseCompiler: await read("base.m2.txt"),
        headCompiler: await read("head.m2.txt"),
      },
    ],
  });
}
