// Repositories that misbehave, measured for real: each gets its named outcome, and nothing stays.
// What attacks the machine stands in attacks.slow.test.ts, what is odd and honest in odd.slow.test.ts.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../src/evidence/manifest.ts";
import { git } from "../go-repository.ts";
import { isRunning } from "../processes.ts";
import { collectFrom as collect, type Measured } from "./collect-from.ts";

const workDir = mkdtempSync(join(tmpdir(), "tailguard-work-"));
afterAll(() => rmSync(workDir, { recursive: true, force: true }));

/** Collects from the module `name` with a short budget, and checks that nothing was left. */
async function collectFrom(
  name: string,
  {
    sandbox = "preferred",
    ...more
  }: Pick<Measured, "change"> & { sandbox?: "preferred" | "off" } = {},
): Promise<Manifest> {
  const manifest = await collect(`hostile/${name}`, {
    ...more,
    options: { outDir: join(workDir, "out"), workDir, sandbox },
    after: ({ dir }) => {
      expect(git(dir, "status", "--porcelain", "--ignored")).toBe("");
      expect(git(dir, "worktree", "list").trim().split("\n")).toHaveLength(1);
    },
  });
  expect(readdirSync(workDir).filter((entry) => entry.startsWith("run-"))).toEqual([]);
  return manifest;
}

/** "name: status" or "name: status (reason)" for each benchmark. */
function statuses(manifest: Manifest): string[] {
  return manifest.benchmarks.map(
    ({ name, status, reason }) => `${name}: ${status}${reason === "" ? "" : ` (${reason})`}`,
  );
}

describe("a benchmark that misbehaves costs itself only", () => {
  test("it panics", async () => {
    const found = statuses(await collectFrom("panics"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toMatch(
      /BenchmarkPanics: failed \(base.*: it (panics: |left before its result)/,
    );
  });

  test("it calls b.Fatal", async () => {
    const found = statuses(await collectFrom("fatals"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toContain("cannot open testdata/missing.json");
    expect(found.join("\n")).toMatch(/BenchmarkSub.*: failed/);
  });

  test("it never ends", async () => {
    const found = statuses(await collectFrom("never-ends"));
    expect(found).toContain("BenchmarkGood: measured");
    expect(found.join("\n")).toContain(
      "BenchmarkNeverEnds: failed (base and head: it did not end within its time limit",
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
      // The long line is printed once a batch, and twenty batches are more than is read.
      const said = status === "measured" ? "" : reason;
      expect(said).toMatch(
        /^$|the budget ended|^(base|head|base and head): it printed more than 8 MiB/,
      );
    }
  });

  test("it leaves children behind, without a sandbox", async () => {
    const found = statuses(await collectFrom("forks-children", { sandbox: "off" }));
    expect(found).toContain("BenchmarkGood: measured");
    expect(isRunning("sleep 600")).toBe(false);
  });
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
