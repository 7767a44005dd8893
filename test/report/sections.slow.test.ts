import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { repeatCommand } from "../../src/report/sections.ts";
import { CONTEXT, reportOf } from "./make-report.ts";

test("the command that repeats a run is one a shell reads back as it was", () => {
  const benchPattern = "^Benchmark(Parse|it's)$ $(touch x) `id`";
  const selection = { ...CONTEXT.selection, packages: ["./a", "./b c"], benchPattern };
  const command = repeatCommand(reportOf([], { context: { selection } })).join(" ");
  const script = command.replace(/^tailguard/, "printf '%s\\n'");
  const words = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  expect(words).toEqual([
    "compare",
    "--repo",
    ".",
    "--base",
    CONTEXT.base,
    "--head",
    CONTEXT.head,
    "--package",
    "./a",
    "--package",
    "./b c",
    "--bench",
    benchPattern,
    "--budget",
    "300s",
    "--seed",
    "1",
  ]);
});
