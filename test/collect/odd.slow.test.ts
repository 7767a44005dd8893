// Benchmarks that are odd and honest are measured; where one cannot be, the run says why.
// test/testdata/odd-benchmarks.md has what becomes of each.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { collectFrom } from "./collect-from.ts";

const dir = mkdtempSync(join(tmpdir(), "tailguard-odd-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Whether a benchmark had its turn before the budget ended is the machine's affair. */
const NO_TURN = "the budget ended before its turn";
const TOO_FEW = /^Fewer than \d+ pairs/;

test("what becomes of each", async () => {
  const { benchmarks, degraded } = await collectFrom("odd", {
    options: { outDir: join(dir, "out"), workDir: join(dir, "work"), sandbox: "required" },
  });
  const rows = benchmarks.map(({ package: path, name, status, reason }) => {
    const isMeasured = status === "measured" || reason === NO_TURN;
    const said = isMeasured ? "" : reason.replaceAll("|", "\\|").replace(/\s+/g, " ");
    return `| ${path} | ${name} | ${isMeasured ? "measured" : status} | ${said} |`;
  });
  const latency = degraded.filter(
    ({ strategy, reason }) => strategy === "latency" && !TOO_FEW.test(reason),
  );
  const text = [
    "# What becomes of the benchmarks of test/testdata/go/odd",
    "",
    "| package | benchmark | status | reason |",
    "|---|---|---|---|",
    ...rows.sort(),
    "",
    "Single operations are not recorded:",
    "",
    ...latency.map(({ reason }) => `- ${reason}`).sort(),
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../testdata/odd-benchmarks.md");
});
