// `tailguard calibrate` on real Go code, and what its file means for a comparison.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Calibration, calibrationSchema } from "../../src/baseline/calibration.ts";
import { type GoRepository, makeGoRepository } from "../go-repository.ts";
import { runTailguard } from "../tailguard.ts";

let dir: string;
let repository: GoRepository;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "tailguard-calibrate-"));
  repository = makeGoRepository("ledger");
});
afterAll(() => {
  repository.remove();
  rmSync(dir, { recursive: true });
});

test("a slow-down by half is planted, measured, and written down beside trials of equal sides", async () => {
  const file = join(dir, "calibration.json");
  const wanted = ["--package", "./journal", "--bench", "^BenchmarkParseLine$/^full$"];
  const of = ["--repo", repository.dir, ...wanted];
  // Quiet trials end after a second; the budget is for machines that do other things too.
  const trials = ["--slow-down", "50", "--budget", "40s", "--seed", "3", "--out", file];
  const { exitCode, stdout } = await runTailguard(["calibrate", ...of, ...trials]);
  expect(exitCode).toBe(0);
  const calibration: Calibration = calibrationSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(calibration.trials.map(({ slowedBy }) => slowedBy)).toEqual([0, 0, 0, 0.5]);
  const [benchmark] = calibration.benchmarks;
  expect(benchmark?.name).toBe("BenchmarkParseLine/full");
  const planted = benchmark?.outcomes.find(({ trial }) => trial === 3);
  // What a loaded machine leaves of it: far from nothing, and from twice as much.
  expect(planted?.change).toBeGreaterThan(0.25);
  expect(planted?.change).toBeLessThan(1);
  expect(stdout).toContain("4 trials on");
  expect(stdout).toContain("no trial showed a slow-down of 10 % or less");
});

test("a file that is no calibration is refused before anything is measured", async () => {
  const file = join(dir, "wrong.json");
  writeFileSync(file, '{"schema":"tailguard.calibration/0"}');
  const args = ["compare", "--repo", repository.dir, "--calibration", file];
  const { exitCode, stderr } = await runTailguard(args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("TG_KNOWN");
  expect(stderr).toContain("schema");
});
