// Repositories that misbehave, measured for real: each gets its named outcome, and nothing stays.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { collect } from "../../src/collect/collect.ts";
import { changedFiles } from "../../src/collect/git.ts";
import type { Manifest } from "../../src/evidence/manifest.ts";
import { type Change, git, makeGoRepository } from "../go-repository.ts";

const workDir = mkdtempSync(join(tmpdir(), "tailguard-work-"));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));

/** Collects from the module `name` with a short budget, and checks that nothing was left. */
async function collectFrom(
  name: string,
  more: { change?: Change; packages?: string[]; sandbox?: "preferred" | "off" } = {},
): Promise<Manifest> {
  const repository = makeGoRepository(`hostile/${name}`, more.change);
  const outDir = join(workDir, "out");
  const before = git(repository.dir, "status", "--porcelain", "--ignored");
  try {
    const manifest = await collect(
      {
        schema: "tailguard.plan/1",
        source: { kind: "local", repositoryDir: repository.dir },
        trust: "trusted",
        base: repository.base,
        head: repository.head,
        packages: more.packages ?? ["./..."],
        benchPattern: ".",
        budgetSeconds: 3,
        seed: 1,
        cells: [{ id: "default", go: "local", env: {} }],
        changedFiles: await changedFiles(repository.dir, repository.base, repository.head),
      },
      {
        outDir,
        workDir,
        signal: new AbortController().signal,
        onProgress: () => undefined,
        sandbox: more.sandbox ?? "preferred",
      },
    );
    expect(readdirSync(workDir).filter((entry) => entry.startsWith("run-"))).toEqual([]);
    expect(git(repository.dir, "status", "--porcelain", "--ignored")).toBe(before);
    expect(git(repository.dir, "worktree", "list").trim().split("\n")).toHaveLength(1);
    return manifest;
  } finally {
    repository.remove();
  }
}

/** "name: status" or "name: status (reason)" for each benchmark. */
function statuses(manifest: Manifest): string[] {
  return manifest.benchmarks.map(
    ({ name, status, reason }) => `${name}: ${status}${reason === "" ? "" : ` (${reason})`}`,
  );
}

function processesNamed(words: string): string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return ""; // It ended while we looked.
      }
    })
    .filter((line) => line.startsWith(words));
}

describe("a benchmark that misbehaves costs itself only", () => {
  test("it panics", async () => {
    const found = statuses(await collectFrom("panics"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toMatch(/BenchmarkPanics: failed \(base: it panics: .*out of range/);
  });

  test("it calls b.Fatal", async () => {
    const found = statuses(await collectFrom("fatals"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toContain("cannot open testdata/missing.json");
    expect(found.join("\n")).toMatch(/BenchmarkSub.*: failed/);
  });

  test("it exits with status 0 before its result", async () => {
    const found = statuses(await collectFrom("exits"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toMatch(/BenchmarkExits: failed \(base: it panics: .*os\.Exit/);
  });

  test("it never ends", async () => {
    const found = statuses(await collectFrom("never-ends"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toContain(
      "BenchmarkNeverEnds: failed (base: it did not end within its time limit",
    );
  });

  test("it prints without end", async () => {
    const found = statuses(await collectFrom("prints-without-end"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toContain("it printed more than 8 MiB");
  });

  test("it prints garbage and results of benchmarks that do not exist", async () => {
    const { benchmarks } = await collectFrom("garbage");
    const strange = ["a_b", "|pipe|", "<b>&amp;", "a,b=c", "Zoë", "\\x00", "-8"];
    const written = ["Good", "PartialLine", "FakeResult", "ControlBytes", "LongLine"];
    const all = [...written, ...strange.map((name) => `StrangeNames/${name}`)];
    expect(benchmarks.map(({ name }) => name).sort()).toEqual(
      all.map((name) => `Benchmark${name}`).sort(),
    );
    for (const { status, reason } of benchmarks) {
      expect(status === "measured" ? "" : reason).toMatch(/^$|the budget ended/);
    }
  });

  for (const sandbox of ["preferred", "off"] as const) {
    test(`it leaves children behind (sandbox ${sandbox})`, async () => {
      const found = statuses(await collectFrom("forks-children", { sandbox }));
      expect(found).toContain("BenchmarkGood: measured");
      expect(processesNamed("sleep 600")).toEqual([]);
    });
  }
});

describe("repositories of every shape", () => {
  test("no Go module", async () => {
    await expect(collectFrom("no-module")).rejects.toMatchObject({ code: "TG_NO_GO_MODULE" });
  });

  test("no benchmarks", async () => {
    const { outcome } = await collectFrom("no-benchmarks");
    expect(outcome).toMatchObject({ kind: "nothing-to-measure" });
    expect(outcome).toMatchObject({ reason: expect.stringContaining("no benchmarks") });
  });

  test("nested modules are measured each in its own", async () => {
    const manifest = await collectFrom("nested");
    expect(manifest.packages.map((at) => at.dir).sort()).toEqual([".", "inner"]);
  });

  test("a module in a subfolder", async () => {
    const manifest = await collectFrom("subfolder");
    expect(manifest.packages.map((at) => at.dir)).toEqual(["backend"]);
  });

  test("a workspace", async () => {
    const manifest = await collectFrom("workspace");
    expect(manifest.outcome).toEqual({ kind: "collected" });
    expect(manifest.packages.map((at) => at.dir).sort()).toEqual(["app", "lib"]);
  });

  test("a vendored module", async () => {
    const manifest = await collectFrom("vendored");
    expect(statuses(manifest).join("\n")).toMatch(/: measured/);
  });

  test("missing go.sum lines are completed in a copy", async () => {
    const manifest = await collectFrom("missing-sum");
    expect(statuses(manifest).join("\n")).toMatch(/: measured/);
  });

  test("neither side builds", async () => {
    const { outcome } = await collectFrom("does-not-compile");
    expect(outcome).toMatchObject({ kind: "build-failed", side: "base" });
  });

  test("head does not build: its compiler's words are kept", async () => {
    const edit = (dir: string) =>
      writeFileSync(join(dir, "broken.go"), "package panics\n\nvar x int = undefinedName\n");
    const { outcome } = await collectFrom("panics", { change: { edit } });
    expect(outcome).toMatchObject({ kind: "build-failed", side: "head" });
    expect(outcome).toMatchObject({ log: expect.stringContaining("undefinedName") });
    expect(outcome).toMatchObject({ log: expect.not.stringContaining("can inline") });
  });

  test("a change of documentation reaches no benchmark", async () => {
    const edit = (dir: string) => writeFileSync(join(dir, "README.md"), "words\n");
    const manifest = await collectFrom("panics", { change: { edit } });
    expect(manifest.outcome).toMatchObject({ kind: "nothing-to-measure" });
    expect(statuses(manifest)).toContain(
      "BenchmarkGood: unaffected (no file it is built from changed)",
    );
  });
});
