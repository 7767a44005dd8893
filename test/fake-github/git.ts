// Real git behind the simulated GitHub: repositories, commits made from patches, comparisons.
//
// Nothing is imitated that git can compute, so a merge base, a rename or a diff hunk is what
// GitHub would show of the same commits. Author and dates are fixed: the same patch on the same
// base gives the same commit id on every machine.
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const PERSON = { NAME: "gopher", EMAIL: "gopher@example.com", DATE: "2026-01-01T00:00:00Z" };

const ENVIRONMENT = {
  PATH: process.env.PATH ?? "",
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: PERSON.NAME,
  GIT_AUTHOR_EMAIL: PERSON.EMAIL,
  GIT_AUTHOR_DATE: PERSON.DATE,
  GIT_COMMITTER_NAME: PERSON.NAME,
  GIT_COMMITTER_EMAIL: PERSON.EMAIL,
  GIT_COMMITTER_DATE: PERSON.DATE,
};

/** Output of git in a folder, which may be a bare repository; rejects with what git said. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...args], {
    env: ENVIRONMENT,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** A bare repository at `target` with one commit on main that holds the files of `folder`. */
export async function importFolder(folder: string, target: string): Promise<void> {
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", target], {
    env: ENVIRONMENT,
  });
  await serveLikeGitHub(target);
  await commitOnto(target, {
    branch: "main",
    message: "Import",
    change: (tree) => cp(folder, tree, { recursive: true }),
  });
}

/** A bare copy of an existing repository, whose branch `main` is at `mainRevision`. */
export async function importRepository(
  source: string,
  target: string,
  mainRevision: string,
): Promise<void> {
  await run("git", ["clone", "--quiet", "--bare", source, target], { env: ENVIRONMENT });
  await serveLikeGitHub(target);
  await git(target, "update-ref", "refs/heads/main", mainRevision);
  await git(target, "symbolic-ref", "HEAD", "refs/heads/main");
}

/** GitHub lets a client fetch any commit it can reach, and without file contents at first. */
async function serveLikeGitHub(repository: string): Promise<void> {
  await git(repository, "config", "uploadpack.allowAnySHA1InWant", "true");
  await git(repository, "config", "uploadpack.allowFilter", "true");
}

/** Commits what `change` does to a checkout of `start` (default: the branch itself); its id. */
export async function commitOnto(
  repository: string,
  commit: {
    readonly branch: string;
    readonly start?: string;
    readonly message: string;
    readonly change: (tree: string) => Promise<unknown>;
  },
): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "fake-github-tree-"));
  try {
    await git(tree, "init", "--quiet", "--initial-branch=work");
    const start = await tip(repository, commit.start ?? `refs/heads/${commit.branch}`);
    if (start !== undefined) {
      await git(tree, "fetch", "--quiet", repository, start);
      await git(tree, "reset", "--quiet", "--hard", "FETCH_HEAD");
    }
    await commit.change(tree);
    await git(tree, "add", "--all", "--force");
    await git(tree, "commit", "--quiet", "--message", commit.message);
    await git(tree, "push", "--quiet", "--force", repository, `HEAD:refs/heads/${commit.branch}`);
    return (await git(tree, "rev-parse", "HEAD")).trim();
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/** The commit a revision names; undefined when it names none. */
export async function tip(repository: string, revision: string): Promise<string | undefined> {
  try {
    return (
      await git(repository, "rev-parse", "--verify", "--quiet", `${revision}^{commit}`)
    ).trim();
  } catch {
    return undefined;
  }
}

/** A changed file as GitHub's files and compare answers list it. */
export type DiffEntry = {
  readonly sha: string;
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: "added" | "removed" | "modified" | "renamed" | "changed";
  readonly additions: number;
  readonly deletions: number;
  readonly changes: number;
  readonly blob_url: string;
  readonly raw_url: string;
  readonly contents_url: string;
  /** Unified hunks without the file header; absent for binary files. */
  readonly patch?: string;
};

export type Comparison = { readonly mergeBase: string; readonly files: readonly DiffEntry[] };

/** Where two commits left each other; undefined when they share no history. */
export async function mergeBase(
  repository: string,
  base: string,
  head: string,
): Promise<string | undefined> {
  try {
    return (await git(repository, "merge-base", base, head)).trim();
  } catch {
    return undefined;
  }
}

/** Files of `base...head`, from their merge base; undefined when they share no history. */
export async function compare(
  repository: string,
  base: string,
  head: string,
): Promise<Comparison | undefined> {
  const start = await mergeBase(repository, base, head);
  if (start === undefined) return undefined;
  const flags = ["diff", "--find-renames", "--no-color", "--no-ext-diff"];
  const raw = await git(repository, ...flags, "--raw", "-z", "--abbrev=40", start, head);
  const files = [];
  for (const entry of rawEntries(raw)) files.push(await diffEntry(repository, start, head, entry));
  return { mergeBase: start, files };
}

type RawEntry = {
  readonly status: string;
  readonly blob: string;
  readonly path: string;
  readonly previousPath?: string;
};

/** Reads `git diff --raw -z`: ":MODE MODE SHA SHA STATUS\0PATH\0[PATH\0]". */
function rawEntries(raw: string): RawEntry[] {
  const fields = raw.split("\0");
  const entries: RawEntry[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const [, , baseBlob = "", headBlob = "", status = ""] = (fields[at] ?? "").split(" ");
    const blob = status.startsWith("D") ? baseBlob : headBlob;
    const first = fields[at + 1] ?? "";
    if (/^[RC]/.test(status)) {
      entries.push({ status, blob, path: fields[at + 2] ?? "", previousPath: first });
      at += 3;
    } else {
      entries.push({ status, blob, path: first });
      at += 2;
    }
  }
  return entries;
}

const STATUSES = { A: "added", D: "removed", R: "renamed", T: "changed" } as const;

async function diffEntry(
  repository: string,
  base: string,
  head: string,
  entry: RawEntry,
): Promise<DiffEntry> {
  const paths = [entry.previousPath, entry.path].filter((path) => path !== undefined);
  const text = await git(repository, "diff", "--find-renames", base, head, "--", ...paths);
  const hunks = /^@@ /m.exec(text);
  const patch = hunks === null ? undefined : text.slice(hunks.index).trimEnd();
  const lines = patch?.split("\n") ?? [];
  const additions = lines.filter((line) => line.startsWith("+")).length;
  const deletions = lines.filter((line) => line.startsWith("-")).length;
  const place = `https://github.invalid/${encodeURI(entry.path)}`;
  return {
    sha: entry.blob,
    filename: entry.path,
    ...(entry.previousPath === undefined ? {} : { previous_filename: entry.previousPath }),
    status: STATUSES[entry.status.charAt(0) as keyof typeof STATUSES] ?? "modified",
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: place,
    raw_url: place,
    contents_url: place,
    ...(patch === undefined ? {} : { patch }),
  };
}

/** Applies a patch file to a checkout, as `git apply` reads it. */
export function applyPatch(patchFile: string): (tree: string) => Promise<unknown> {
  return (tree) => git(tree, "apply", patchFile);
}
