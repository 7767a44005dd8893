// Lays both sides out as work trees of a mirror of ours; the user's own tree is never touched.
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { Progress } from "../evidence/progress.ts";
import type { Plan } from "../plan/plan.ts";
import {
  addWorktree,
  moduleFiles,
  openMirror,
  pruneWorktrees,
  treeBytes,
  unifiedDiff,
} from "./git.ts";
import type { Workspace } from "./workspace.ts";

export type Checkout = {
  readonly workspace: Workspace;
  /** Unified diff of base and head, bounded. */
  readonly diff: string;
  /** go.mod and go.work files of each side, relative to the root. */
  readonly moduleFiles: { readonly base: readonly string[]; readonly head: readonly string[] };
  /** Size of each side's files. */
  readonly bytes: Readonly<Record<Side, number>>;
  readonly seconds: number;
};

/** Enough for the 3,000 files that a pull request may show; a longer diff is cut at the end. */
const MAX_DIFF_CHARS = 16 << 20;

/** Checks both commits out below the workspace. */
export async function checkOut(
  plan: Plan,
  workspace: Workspace,
  options: {
    readonly workDir: string;
    readonly cloneToken?: string | undefined;
    readonly onProgress: (progress: Progress) => void;
  },
): Promise<Checkout> {
  const start = performance.now();
  options.onProgress({ stage: "checkout", done: 0, total: 2, text: "fetching base and head" });
  const source =
    plan.source.kind === "local" ? plan.source : { ...plan.source, token: options.cloneToken };
  // A local mirror only borrows objects and goes with the run; a remote one is kept for the next.
  const mirrorDir =
    plan.source.kind === "local"
      ? join(workspace.dir, "mirror.git")
      : join(options.workDir, "cache", "mirrors", `${keyOf(plan.source.cloneUrl)}.git`);
  await openMirror(source, [plan.base, plan.head], mirrorDir);
  if (plan.source.kind === "remote") await pruneWorktrees(mirrorDir);
  await addWorktree(mirrorDir, plan.base, workspace.baseDir);
  options.onProgress({ stage: "checkout", done: 1, total: 2, text: "base" });
  await addWorktree(mirrorDir, plan.head, workspace.headDir);
  const diff = await unifiedDiff(mirrorDir, plan.base, plan.head);
  return {
    workspace,
    diff: diff.slice(0, MAX_DIFF_CHARS),
    moduleFiles: {
      base: await moduleFiles(mirrorDir, plan.base),
      head: await moduleFiles(mirrorDir, plan.head),
    },
    bytes: {
      base: await treeBytes(mirrorDir, plan.base),
      head: await treeBytes(mirrorDir, plan.head),
    },
    seconds: (performance.now() - start) / 1000,
  };
}

function keyOf(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 32);
}
