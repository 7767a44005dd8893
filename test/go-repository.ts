// Real git repositories for tests: folders of test/testdata/go committed as base, with a change as
// head. Each is made in a temporary folder and removed by the test that made it.
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const GO_TESTDATA = fileURLToPath(new URL("testdata/go/", import.meta.url));

export type GoRepository = {
  readonly dir: string;
  readonly base: string;
  readonly head: string;
  remove(): void;
};

/** What makes head out of base; the default is a change that reaches every benchmark and harms none. */
export type Change = { readonly patch: string } | { readonly edit: (dir: string) => void };

/** Changes every Go file so that all benchmarks are reached and none is harmed. */
export const touchGoFiles = {
  edit: (dir: string) => {
    for (const [at, file] of goFiles(dir).entries()) {
      // What runs at the start reaches all; a comment alone would leave nothing to measure.
      appendFileSync(file, `\nvar touched${at} = [1]int{}\n\nfunc init() { touched${at}[0]++ }\n`);
    }
  },
} satisfies Change;

/** A repository whose base is the folder `name` of test/testdata/go. */
export function makeGoRepository(name: string, change: Change = touchGoFiles): GoRepository {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-test-"));
  cpSync(join(GO_TESTDATA, name), dir, { recursive: true });
  git(dir, "init", "--quiet", "--initial-branch=main");
  const base = commit(dir, "base");
  git(dir, "checkout", "--quiet", "-b", "change");
  if ("patch" in change) git(dir, "apply", join(GO_TESTDATA, change.patch));
  else change.edit(dir);
  const head = commit(dir, "head");
  return { dir, base, head, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Runs git in `dir` with an author of its own and gives back what it printed. */
export function git(dir: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: dir, encoding: "utf8" });
}

function commit(dir: string, message: string): string {
  git(dir, "add", "--all", "--force");
  git(dir, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(dir, "rev-parse", "HEAD").trim();
}

function goFiles(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    if (name === ".git" || name === "vendor") return [];
    if (statSync(path).isDirectory()) return goFiles(path);
    return name.endsWith(".go") ? [path] : [];
  });
}
