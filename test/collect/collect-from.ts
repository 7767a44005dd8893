// Collects from a module of test/testdata/go, as a runner does.
import { type CollectOptions, collect } from "../../src/collect/collect.ts";
import type { Manifest } from "../../src/evidence/manifest.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { type Change, type GoRepository, makeGoRepository } from "../go-repository.ts";

export type Measured = {
  readonly change?: Change;
  readonly packages?: string[];
  readonly env?: Record<string, string>;
  readonly trust?: Plan["trust"];
  readonly budgetSeconds?: number;
  readonly options: Pick<CollectOptions, "outDir" | "workDir"> & Partial<CollectOptions>;
  /** Looks at the repository after the run, before it is removed. */
  readonly after?: (repository: GoRepository) => void;
};

/** The manifest of a short run over all packages. */
export async function collectFrom(name: string, measured: Measured): Promise<Manifest> {
  const repository = makeGoRepository(name, measured.change);
  try {
    const manifest = await collect(
      {
        schema: "tailguard.plan/1",
        source: { kind: "local", repositoryDir: repository.dir },
        trust: measured.trust ?? "trusted",
        base: repository.base,
        head: repository.head,
        packages: measured.packages ?? ["./..."],
        benchPattern: ".",
        budgetSeconds: measured.budgetSeconds ?? 3,
        seed: 1,
        cells: [{ id: "default", go: "local", env: measured.env ?? {} }],
        // As incomplete as GitHub's list of a large change: the runner reads its own from git.
        changedFiles: [],
      },
      {
        signal: new AbortController().signal,
        onProgress: () => undefined,
        sandbox: "preferred",
        ...measured.options,
      },
    );
    measured.after?.(repository);
    return manifest;
  } finally {
    repository.remove();
  }
}
