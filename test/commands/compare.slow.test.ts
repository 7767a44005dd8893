// `tailguard compare` as a user runs it: the compiled program on real Go code.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeGoRepository } from "../go-repository.ts";
import { compare, runTailguard } from "../tailguard.ts";

/** Lines of the report that README.md shows. */
function readmeExample(): string[] {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const block = /<!-- example: escape -->\n```text\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const lines = block.split("\n").filter((line) => line.trim() !== "");
  expect(lines.length).toBeGreaterThan(20);
  return lines;
}

describe("the service with three changes", () => {
  test("an escape is a blocking regression with its cause", async () => {
    const repository = makeGoRepository("ledger", { patch: "ledger-changes/escape.patch" });
    const wanted = ["--package", "./journal", "--bench", "ParseLine", "--budget", "20s"];
    const args = ["--repo", repository.dir, ...wanted];
    const { exitCode, stdout, report, leftovers } = await compare([...args, "--seed", "1"]);
    repository.remove();
    expect(exitCode).toBe(1);
    expect(report?.conclusion).toBe("failure");
    expect(report?.seed).toBe(1);
    expect([report?.base, report?.head]).toEqual([repository.base, repository.head]);
    const [cause] = report?.causes ?? [];
    expect(cause).toMatchObject({
      kind: "escape",
      function: "example.com/ledger/journal.ParseLine",
    });
    expect(stdout).toContain("moved to heap: source");
    expect(leftovers).toEqual([]);
    // README.md shows this very run: what it says without a measured
    // number, a share or a sampled leaf of the runtime, is said here too.
    const words = (text: string) => text.replace(/\s+/g, " ").trim();
    for (const line of readmeExample().filter(
      (at) => !/[%~]|\d[nµm]?s\b|fresh|base |runtime\.|explains/.test(at),
    )) {
      expect(words(stdout)).toContain(words(line));
    }
  });

  test("a refactoring whose machine code is the same does not block", async () => {
    const repository = makeGoRepository("ledger", { patch: "ledger-changes/refactor.patch" });
    const { exitCode, report } = await compare(["--repo", repository.dir, "--budget", "15s"]);
    repository.remove();
    expect(exitCode).toBe(0);
    expect(report?.benchmarks.flatMap((at) => at.metrics).filter((at) => at.blocks)).toEqual([]);
  });

  test("documentation needs no measuring", async () => {
    const repository = makeGoRepository("ledger", { patch: "ledger-changes/docs.patch" });
    const { exitCode, report } = await compare(["--repo", repository.dir]);
    repository.remove();
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ conclusion: "skipped", cost: { pairs: 0 } });
    expect(report?.benchmarks.every((at) => at.status === "unaffected")).toBe(true);
  });
});

describe("what the caller must fix has exit code 2 and says what to do", () => {
  const empty = mkdtempSync(join(tmpdir(), "tailguard-empty-"));
  afterAll(() => rmSync(empty, { recursive: true, force: true }));

  async function check(args: readonly string[], ...words: string[]) {
    const { exitCode, stderr } = await runTailguard(["compare", ...args]);
    expect(exitCode, stderr).toBe(2);
    for (const expected of words) expect(stderr).toContain(expected);
    expect(stderr).not.toContain("    at "); // No stack: it is not our fault.
  }

  test("not a repository", async () => {
    await check(["--repo", empty], "is not a git repository", "--repo");
    await check(["--repo", join(empty, "missing")], "does not exist");
  });

  test("an unknown revision, and one that looks like an option", async () => {
    const repository = makeGoRepository("ledger", { patch: "ledger-changes/docs.patch" });
    await check(["--repo", repository.dir, "--head", "v9"], '"v9"', "spelling");
    await check(["--repo", repository.dir, "--head=--output=/tmp/x"], "TG_UNKNOWN_REVISION");
    repository.remove();
  });

  test("no Go module, a bad pattern, an unknown toolchain", async () => {
    const loose = makeGoRepository("hostile/no-module");
    await check(["--repo", loose.dir], "No Go module");
    loose.remove();
    const repository = makeGoRepository("hostile/panics");
    await check(["--repo", repository.dir, "--bench", "Good("], "Good(", "go test -bench");
    await check(["--repo", repository.dir, "--go", "/does/not/exist"], "was not found", "--go");
    repository.remove();
  });

  test("usage", async () => {
    await check(["--budget", "soon"], "90s");
    await check(["--seed", "-1"], "whole number");
    await check(["--format", "xml"], "text, md, json");
  });

  test("a configuration with a mistake, by line and column", async () => {
    const file = join(empty, "tailguard.yml");
    writeFileSync(file, "budget: 1m\ntreshold: 3\n");
    await check(["--config", file], "tailguard.yml:2:1", "treshold");
  });

  test("head that does not compile, with the compiler's words", async () => {
    const repository = makeGoRepository("hostile/panics", {
      edit: (dir) => writeFileSync(join(dir, "broken.go"), "package panics\n\nvar x = missing\n"),
    });
    const { exitCode, stdout, report } = await compare(["--repo", repository.dir]);
    repository.remove();
    expect(exitCode).toBe(2);
    expect(stdout).toContain("undefined: missing");
    expect(report?.conclusion).toBe("action_required");
  });
});

test("benchmarks that all fail could not be measured: exit code 3", async () => {
  const repository = makeGoRepository("hostile/panics");
  const { exitCode, report } = await compare(["--repo", repository.dir, "--bench", "Panics"]);
  repository.remove();
  expect(exitCode).toBe(3);
  expect(report?.title).toBe("Could not measure: 1 benchmark failed");
});
