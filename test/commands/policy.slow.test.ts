// `tailguard policy check` and `tailguard policy test`, as a user runs them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CASES } from "../report/read-case.ts";
import { runTailguard } from "../tailguard.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "tailguard-test-"));
  for (const { name, report } of CASES) {
    writeFileSync(join(dir, `${name}.json`), JSON.stringify(report));
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function configured(text: string): string {
  const file = join(dir, "tailguard.yml");
  writeFileSync(file, text);
  return file;
}

async function policyTest(config: string, ...runs: readonly string[]) {
  const files = runs.map((run) => join(dir, `${run}.json`));
  const result = await runTailguard(["policy", "test", configured(config), ...files]);
  return { ...result, stdout: result.stdout.replaceAll(`${dir}/`, "") };
}

test("a right file says what it sets, a wrong one where it is wrong", async () => {
  const right = await runTailguard(["policy", "check", configured("gate: strict\n")]);
  expect(right).toMatchObject({ exitCode: 0 });
  expect(right.stdout).toContain("is a configuration: preset strict, 0 rules, 0 waivers, 1 cell.");
  const wrong = await runTailguard(["policy", "check", configured("gaet: strict\n")]);
  expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
  expect(wrong.stderr).toContain(
    'tailguard.yml:1:1 gaet: there is no such key; did you mean "gate"?',
  );
});

test("the same runs under two rules", async () => {
  const runs = ["regression-time-confirmed", "improvement"];
  const careful = await policyTest("gate: careful", ...runs);
  expect(careful.exitCode).toBe(1);
  expect(careful.stdout).toMatchSnapshot();
  const observe = await policyTest("gate: observe", ...runs);
  expect(observe.exitCode).toBe(0);
  expect(observe.stdout).toContain("2 runs: 0 would be stopped.");
});

test("what is no run is said to be none", async () => {
  writeFileSync(join(dir, "broken.json"), "{");
  const broken = await policyTest("gate: careful", "broken");
  expect(broken).toMatchObject({ exitCode: 2, stdout: "" });
  expect(broken.stderr).toContain(
    "broken.json is not a run that can be judged again: it is not JSON.",
  );
  const missing = await policyTest("gate: careful", "missing");
  expect(missing.stderr).toContain("missing.json is not a run that can be judged again");
});
