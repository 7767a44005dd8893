// Lays both sides out as work trees of a mirror of ours; the user's own tree is never touched.
import { createHash } from "node:crypto";
import { readlink, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import type { Progress } from "../evidence/progress.ts";
import type { ChangedFile, Plan } from "../plan/plan.ts";
import {
  addWorktree,
  changedFiles,
  moduleFilesOf,
  openMirror,
  pruneWorktrees,
  symbolicLinks,
  type TreeFile,
  treeFiles,
  unifiedDiff,
} from "./git.ts";
import type { Workspace } from "./workspace.ts";

export type Checkout = {
  readonly workspace: Workspace;
  /** Unified diff of base and head, bounded. */
  readonly diff: string;
  /** All of them: a plan made from GitHub's answers may list a part. */
  readonly changedFiles: readonly ChangedFile[];
  /** go.mod and go.work files of each side, relative to the root. */
  readonly moduleFiles: { readonly base: readonly string[]; readonly head: readonly string[] };
  /** Symbolic links that led out of the repository, on either side; they were removed. */
  readonly removedLinks: readonly string[];
  /** Size of each side's files. */
  readonly bytes: Readonly<Record<Side, number>>;
  /** The git object of each side's Go files, by path. */
  readonly goBlobs: Readonly<Record<Side, ReadonlyMap<string, string>>>;
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
  const removedLinks = [
    ...(await removeLinksOutside(mirrorDir, plan.base, workspace.baseDir)),
    ...(await removeLinksOutside(mirrorDir, plan.head, workspace.headDir)),
  ];
  const base = await treeFiles(mirrorDir, plan.base);
  const head = await treeFiles(mirrorDir, plan.head);
  const diff = await unifiedDiff(mirrorDir, plan.base, plan.head);
  return {
    workspace,
    diff: diff.slice(0, MAX_DIFF_CHARS),
    changedFiles: await changedFiles(mirrorDir, plan.base, plan.head),
    moduleFiles: { base: moduleFilesOf(base), head: moduleFilesOf(head) },
    removedLinks: [...new Set(removedLinks)],
    bytes: { base: bytesOf(base), head: bytesOf(head) },
    goBlobs: { base: goBlobsOf(base), head: goBlobsOf(head) },
    seconds: (performance.now() - start) / 1000,
  };
}

/**
 * A go.mod that is a link to a file of this host would have the go command read that file and quote
 * it. What leads out of the repository leads nowhere inside a sandbox, so nothing is lost.
 */
async function removeLinksOutside(
  mirrorDir: string,
  commit: string,
  dir: string,
): Promise<string[]> {
  const root = await realpath(dir);
  const removed: string[] = [];
  for (const path of await symbolicLinks(mirrorDir, commit)) {
    const link = join(root, path);
    // A link may lead nowhere: test data has such. Then what it names counts.
    const target = await realpath(link).catch(async () =>
      resolve(dirname(link), await readlink(link)),
    );
    if (target === root || target.startsWith(`${root}/`)) continue;
    await rm(link, { force: true });
    removed.push(path);
  }
  return removed;
}

function bytesOf(files: readonly TreeFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function goBlobsOf(files: readonly TreeFile[]): Map<string, string> {
  return new Map(
    files.filter(({ path }) => path.endsWith(".go")).map(({ path, blob }) => [path, blob]),
  );
}

function keyOf(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 32);
}
