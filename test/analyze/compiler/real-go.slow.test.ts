// The whole way with the Go of this machine: the probe is built and reads each recorded case, the
// compiler builds it, and the flips are those that were recorded. Costs may differ between
// versions of Go, so that only who, what and in which direction is compared.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyzeCompiler } from "../../../src/analyze/compiler/analyze-compiler.ts";
import type { DecisionFinding } from "../../../src/analyze/finding.ts";
import { syntaxSchema } from "../../../src/goast/syntax.ts";
import { evidenceOf } from "../evidence-of.ts";
import { buildProbe, compilerText, readSyntax } from "./go-tools.ts";
import { CASES_DIR, caseNames } from "./load-case.ts";

let scratch = "";
let probe = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tailguard-go-"));
  probe = await buildProbe(scratch);
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

function flips(findings: readonly DecisionFinding[]): string[] {
  return findings
    .filter((finding) => finding.direction !== "neutral")
    .map((f) => `${f.package} ${f.function} ${f.decision} ${f.direction}`)
    .sort();
}

describe("flips found by the Go of this machine", async () => {
  for (const name of await caseNames()) {
    test(name, async () => {
      const at = (side: string) => join(CASES_DIR, name, side);
      const syntax = async (side: string) => syntaxSchema.parse(await readSyntax(probe, at(side)));
      const { findings, degraded } = analyzeCompiler(
        evidenceOf({
          syntax: { base: await syntax("base"), head: await syntax("head") },
          packages: [
            {
              importPath: `example.com/${name}`,
              dir: ".",
              baseCompiler: await compilerText(at("base"), scratch),
              headCompiler: await compilerText(at("head"), scratch),
            },
          ],
        }),
      );
      const want = JSON.parse(await readFile(join(CASES_DIR, name, "want.json"), "utf8"));
      expect(flips(findings.filter((finding) => finding.kind === "decision"))).toEqual(
        flips(want.findings),
      );
      expect(degraded).toEqual([]);
    });
  }
});
