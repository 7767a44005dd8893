// A small evidence bundle in memory: the parts an analyzer reads, the rest plausible.
import type { Evidence, PackageEvidence } from "../../src/evidence/evidence.ts";
import type { Syntax } from "../../src/goast/syntax.ts";
import type { ChangedFile } from "../../src/plan/plan.ts";

export type EvidenceParts = {
  readonly changedFiles?: readonly ChangedFile[];
  readonly syntax?: { readonly base: Syntax; readonly head: Syntax } | undefined;
  readonly packages?: readonly {
    readonly importPath: string;
    readonly dir: string;
    readonly cell?: string;
    readonly baseCompiler?: string;
    readonly headCompiler?: string;
  }[];
};

export function evidenceOf(parts: EvidenceParts): Evidence {
  const packages = (parts.packages ?? []).map((at): PackageEvidence => {
    const record = {
      cell: at.cell ?? "go",
      importPath: at.importPath,
      dir: at.dir,
      files: {},
    };
    const { baseCompiler = "", headCompiler = "" } = at;
    return { record, baseBench: "", headBench: "", baseCompiler, headCompiler };
  });
  return {
    manifest: {
      schema: "tailguard.evidence/1",
      tailguard: "0.0.0",
      plan: {
        schema: "tailguard.plan/1",
        source: { kind: "local", repositoryDir: "/repository" },
        trust: "trusted",
        base: "1".repeat(40),
        head: "2".repeat(40),
        packages: ["./..."],
        benchPattern: ".",
        budgetSeconds: 60,
        seed: 1,
        cells: [{ id: "go", go: "local", env: {} }],
        changedFiles: [...(parts.changedFiles ?? [])],
      },
      outcome: { kind: "collected" },
      cells: [{ id: "go", go: "go1.26.8", env: {}, gomaxprocs: 2, layoutSeeds: 1 }],
      packages: packages.map((at) => at.record),
      benchmarks: [],
      profiles: [],
      machine: { cpu: "", cores: 2, os: "linux", load1: 0, sandbox: "none", warnings: [] },
      seconds: { checkout: 0, build: 0, measure: 0 },
      degraded: [],
    },
    ...(parts.syntax === undefined ? {} : { syntax: parts.syntax }),
    diff: "",
    packages,
    profiles: [],
  };
}
