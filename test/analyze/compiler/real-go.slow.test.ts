// The whole way with the Go of this machine: the probe is built and reads each recorded case, the
// compiler builds it, and the flips are those that were recorded. Costs may differ between
// versions of Go, so that only who, what and in which direction is compared.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyzeCompiler } from "../../../src/analyze/compiler/analyze-compiler.ts";
import type { DecisionFinding } from "../../../src/analyze/source-finding.ts";
import { evidenceOf } from "../evidence-of.ts";
import { buildProbe, compilerText, goVersion, otherGos, readSyntax } from "./go-tools.ts";
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

/** What the Go command, and the probe that it built, find in a recorded case; and what was recorded. */
async function findInCase(name: string, go: string, probePath: string) {
  const at = (side: string) => join(CASES_DIR, name, side);
  const { findings, degraded } = analyzeCompiler(
    evidenceOf({
      syntax: {
        base: await readSyntax(probePath, at("base")),
        head: await readSyntax(probePath, at("head")),
      },
      packages: [
        {
          importPath: `example.com/${name}`,
          dir: ".",
          baseCompiler: await compilerText(at("base"), scratch, go),
          headCompiler: await compilerText(at("head"), scratch, go),
        },
      ],
    }),
  );
  const want = JSON.parse(await readFile(join(CASES_DIR, name, "want.json"), "utf8"));
  return {
    found: flips(findings.filter((finding) => finding.kind === "decision")),
    recorded: flips(want.findings),
    degraded,
  };
}

describe("flips found by the Go of this machine", async () => {
  for (const name of await caseNames()) {
    test(name, async () => {
      const { found, recorded, degraded } = await findInCase(name, "go", probe);
      expect(found).toEqual(recorded);
      expect(degraded).toEqual([]);
    });
  }
});

/** Those that parse-optimizations.ts claims to read. A version that is not here shows as skipped. */
const VERSIONS = ["1.22", "1.23", "1.24", "1.25", "1.26", "1.27"];

describe("flips found by other versions of Go", async () => {
  const [own, others] = await Promise.all([goVersion(), otherGos()]);
  for (const version of VERSIONS.filter((at) => !own.startsWith(`go${at}.`))) {
    const go = others.get(version);
    test.skipIf(go === undefined)(`Go ${version}`, async () => {
      const dir = await mkdtemp(join(scratch, "probe-"));
      const otherProbe = await buildProbe(dir, go);
      for (const name of ["inlining-lost", "escape-gained"]) {
        const { found, recorded, degraded } = await findInCase(name, go ?? "", otherProbe);
        expect(found).toEqual(recorded);
        expect(degraded).toEqual([]);
      }
    });
  }
});
