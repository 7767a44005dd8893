// A repository without a benchmark: what the compiler decides otherwise is the whole report.
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forecastLines } from "../../src/commands/forecast.ts";
import { makeGoRepository } from "../go-repository.ts";
import { compare } from "../tailguard.ts";
import { collectFrom } from "./collect-from.ts";

async function compareWith(edit: (source: string) => string) {
  const repository = makeGoRepository("unmeasured", {
    edit: (dir) => {
      const path = join(dir, "sum.go");
      writeFileSync(path, edit(readFileSync(path, "utf8")));
    },
  });
  try {
    return await compare(["--repo", repository.dir]);
  } finally {
    repository.remove();
  }
}

test("flips on changed functions and their callers are the report", async () => {
  const { exitCode, report, stdout } = await compareWith((source) =>
    source.replace(
      "total += area(&points[i])",
      "p := points[i]\n\t\tlast = &p\n\t\ttotal += area(&p)",
    ),
  );
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ conclusion: "neutral", outcome: { kind: "nothing-to-measure" } });
  expect(report?.title).toContain("decisions of the compiler for the worse");
  const decisions = report?.source?.decisions ?? [];
  expect(
    decisions.map((at) => `${at.function} ${at.decision} ${at.direction} ${at.changed}`),
  ).toEqual(["Sum escape worse true", "Use escape worse false"]);
  expect(stdout).toContain("Sum at sum.go:12 allocates more on the heap (moved to heap: p)");
  expect(report?.degraded).toEqual([]);
});

test("a change that the compiler takes as before is only skipped", async () => {
  const { report } = await compareWith((source) => source.replace("// Sum adds", "// Sum sums"));
  expect(report).toMatchObject({ conclusion: "skipped", degraded: [] });
  expect(report?.source).toBeUndefined();
});

test("a side that does not build is named, and no failure of the change's speed", async () => {
  const { report } = await compareWith((source) => `${source}\nvar broken int = "text"\n`);
  expect(report?.outcome.kind).toBe("nothing-to-measure");
  expect(report?.degraded.map(({ reason }) => reason).join()).toContain("head does not build");
});

test("the source is told before anything is built, once, with what changed", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tailguard-read-"));
  const told: string[] = [];
  try {
    await collectFrom("unmeasured", {
      change: {
        edit: (at) => writeFileSync(join(at, "sum.go"), sumWith(at, "total += 2 * ")),
      },
      options: {
        outDir: join(dir, "out"),
        workDir: join(dir, "work"),
        onProgress: ({ stage }) => told.push(stage),
        onRead: (source) => told.push(`read: ${forecastLines(source).join("; ")}`),
        onBuilt: ({ packages }) => told.push(`built: ${packages.length}`),
      },
    });
    const read = told.findIndex((text) => text.startsWith("read: "));
    expect(told[read]).toBe("read: `Sum` at sum.go:10 changed: statements: 1 edited");
    expect(told.slice(read).filter((text) => /^(read|built): /.test(text))).toEqual([
      told[read],
      "built: 1",
    ]);
    expect(told.slice(0, read)).not.toContain("build");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

function sumWith(dir: string, sum: string): string {
  return readFileSync(join(dir, "sum.go"), "utf8").replace("total += ", sum);
}
