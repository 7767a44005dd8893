// Git through simple-git: revisions, merge base, changed files, diff, and checkouts that never
// touch the user's work tree or repository.
//
// A local repository is read through a bare repository of ours that borrows its objects
// (objects/info/alternates): nothing is copied and nothing is written into the user's `.git`.
// A remote one is fetched, two commits deep enough to compare, into a mirror that is kept.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type SimpleGit, simpleGit } from "simple-git";
import { UserError } from "../errors.ts";
import type { ChangedFile } from "../plan/plan.ts";

/** The longest that git may be silent before it counts as stuck. */
const SILENT_MS = 120_000;

/** Git runs with our own settings only: no user hooks, no prompts, no system configuration. */
function gitIn(dir: string, extraHeader?: string): SimpleGit {
  const configured: [string, string][] = [
    ["core.hooksPath", "/dev/null"],
    ["core.fsmonitor", "false"],
    ["core.quotePath", "false"],
    ["protocol.ext.allow", "never"],
    ["advice.detachedHead", "false"],
    ["safe.directory", "*"],
  ];
  // The token travels in the environment: not in argv, not in any file.
  if (extraHeader !== undefined) configured.push(["http.extraHeader", extraHeader]);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: process.env.HOME ?? "/",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_COUNT: String(configured.length),
  };
  for (const [index, [key, value]] of configured.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return simpleGit({
    baseDir: dir,
    timeout: { block: SILENT_MS },
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeFsMonitor: true,
    },
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")),
  }).env(env);
}

/** The repository that holds `dir`: its top-level folder (or the bare repository itself). */
export async function openRepository(dir: string): Promise<string> {
  const path = resolve(dir);
  if (!existsSync(path)) {
    throw new UserError("TG_NOT_A_REPOSITORY", `${dir} does not exist.`, {
      hint: "Give the folder of a git repository with --repo.",
    });
  }
  try {
    const git = gitIn(path);
    const bare = (await git.revparse(["--is-bare-repository"])).trim() === "true";
    return (await git.revparse([bare ? "--absolute-git-dir" : "--show-toplevel"])).trim();
  } catch (cause) {
    throw new UserError("TG_NOT_A_REPOSITORY", `${dir} is not a git repository.`, {
      hint: "Give the folder of a git repository with --repo.",
      cause,
    });
  }
}

/** The full commit id of a revision such as "HEAD~1", "main" or an abbreviated id. */
export async function resolveCommit(repositoryDir: string, revision: string): Promise<string> {
  // Without --quiet: simple-git takes a failure that says nothing on stderr for a success.
  try {
    if (revision.startsWith("-")) throw new Error("a revision does not begin with '-'");
    return (
      await gitIn(repositoryDir).raw(["rev-parse", "--verify", `${revision}^{commit}`])
    ).trim();
  } catch (cause) {
    throw new UserError(
      "TG_UNKNOWN_REVISION",
      `The revision "${revision}" is not in ${repositoryDir}.`,
      { hint: "Fetch it first, or check the spelling: git log --oneline --all.", cause },
    );
  }
}

/** The commit where head left the default branch: origin/HEAD, else main, else master. */
export async function defaultBase(repositoryDir: string, head: string): Promise<string> {
  const git = gitIn(repositoryDir);
  for (const branch of ["origin/HEAD", "origin/main", "origin/master", "main", "master"]) {
    try {
      const tip = await git.raw(["rev-parse", "--verify", `${branch}^{commit}`]);
      return (await git.raw(["merge-base", tip.trim(), head])).trim();
    } catch {
      // Not every repository has each of these; the last word is the error below.
    }
  }
  throw new UserError("TG_NO_MERGE_BASE", "No default branch was found to compare with.", {
    hint: "Name the other side with --base REV.",
  });
}

/**
 * A bare repository in `dir` that has both commits.
 * @param source a repository on this machine whose objects are borrowed, or a URL to fetch from.
 */
export async function openMirror(
  source:
    | { kind: "local"; repositoryDir: string }
    | { kind: "remote"; cloneUrl: string; token?: string | undefined },
  commits: readonly [string, string],
  dir: string,
): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (!existsSync(join(dir, "HEAD"))) await gitIn(dir).raw(["init", "--bare", "--quiet", "."]);
  if (source.kind === "local") {
    const objects = await gitIn(source.repositoryDir).raw(["rev-parse", "--git-path", "objects"]);
    const path = join(dir, "objects", "info", "alternates");
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${resolve(source.repositoryDir, objects.trim())}\n`);
    return;
  }
  const header =
    source.token === undefined
      ? undefined
      : `Authorization: Basic ${Buffer.from(`x-access-token:${source.token}`).toString("base64")}`;
  const git = gitIn(dir, header);
  // Depth 1: the trees of two commits are compared, history is not needed.
  await git.raw([
    "fetch",
    "--quiet",
    "--no-tags",
    "--depth=1",
    source.cloneUrl,
    ...new Set(commits),
  ]);
}

/** Lays the files of a commit into a new folder `dir`, as a work tree of the mirror. */
export async function addWorktree(mirrorDir: string, commit: string, dir: string): Promise<void> {
  await gitIn(mirrorDir).raw(["worktree", "add", "--quiet", "--force", "--detach", dir, commit]);
}

/** Paths of all symbolic links of a commit. */
export async function symbolicLinks(repositoryDir: string, commit: string): Promise<string[]> {
  const text = await gitIn(repositoryDir).raw(["ls-tree", "-r", "-z", commit]);
  // "<mode> <type> <id>\t<path>"; 120000 is a symbolic link.
  return text.split("\0").flatMap((entry) => /^120000 .*?\t(.*)$/s.exec(entry)?.[1] ?? []);
}

/** Forgets work trees whose folders are gone, for mirrors that are kept. */
export async function pruneWorktrees(mirrorDir: string): Promise<void> {
  await gitIn(mirrorDir).raw(["worktree", "prune"]);
}

const STATUS: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  C: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "modified",
};

/** Files that differ between two commits, renames recognized. */
export async function changedFiles(
  repositoryDir: string,
  base: string,
  head: string,
): Promise<ChangedFile[]> {
  const text = await gitIn(repositoryDir).raw([
    "diff",
    "--name-status",
    "-z",
    "--find-renames",
    "--no-ext-diff",
    base,
    head,
  ]);
  const fields = text.split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const letter = fields[at]?.[0] ?? "";
    const status = STATUS[letter] ?? "modified";
    if (letter === "R" || letter === "C") {
      const [previousPath, path] = [fields[at + 1] ?? "", fields[at + 2] ?? ""];
      files.push(status === "renamed" ? { path, previousPath, status } : { path, status });
      at += 3;
    } else {
      files.push({ path: fields[at + 1] ?? "", status });
      at += 2;
    }
  }
  return files;
}

/** Unified diff of two commits with three lines of context, as GitHub shows it. */
export async function unifiedDiff(
  repositoryDir: string,
  base: string,
  head: string,
): Promise<string> {
  return await gitIn(repositoryDir).raw([
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--find-renames",
    "--unified=3",
    base,
    head,
  ]);
}

/** A regular file of a commit, its size and the git object that holds its content. */
export type TreeFile = { readonly path: string; readonly blob: string; readonly bytes: number };

/** All regular files of a commit; symbolic links and submodules are none. */
export async function treeFiles(repositoryDir: string, commit: string): Promise<TreeFile[]> {
  const text = await gitIn(repositoryDir).raw(["ls-tree", "-r", "-z", "--long", commit]);
  const files: TreeFile[] = [];
  for (const entry of text.split("\0")) {
    const fields = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(entry);
    const [, blob = "", bytes, path = ""] = fields ?? [];
    if (fields !== null) files.push({ path, blob, bytes: Number(bytes) });
  }
  return files;
}

/** Paths of the `go.mod` and `go.work` files, vendored and testdata ones left out. */
export function moduleFilesOf(files: readonly TreeFile[]): string[] {
  return files
    .map((file) => file.path)
    .filter((path) => /(^|\/)go\.(mod|work)$/.test(path))
    .filter((path) => !/(^|\/)(vendor|testdata|node_modules|_[^/]*|\.[^/]*)\//.test(path));
}
