import { expect, test } from "vitest";
import { readConfig } from "../../src/plan/config.ts";
import { planSchema } from "../../src/plan/plan.ts";
import { type PlanInputs, planRun } from "../../src/plan/plan-run.ts";
import { changedSettings, planSettings } from "../../src/plan/plan-settings.ts";

const INPUTS: PlanInputs = {
  cloneUrl: "https://github.com/octo/ledger.git",
  mergeBaseSha: "a".repeat(40),
  headSha: "b".repeat(40),
  changedFiles: [{ path: "parse.go", status: "modified" }],
  changedFilesTruncated: false,
  isFork: false,
  isApproved: false,
  budgetSeconds: 300,
  seed: 7,
  settings: { packages: ["./..."], cells: [{ id: "default", go: "local", env: {} }] },
};

function planOf(more: Partial<PlanInputs>) {
  return planRun({ ...INPUTS, ...more });
}

test("a changed Go file gives a plan that the runner's schema takes", () => {
  const planned = planOf({});
  expect(planned.kind).toBe("plan");
  if (planned.kind === "plan") expect(planSchema.parse(planned.plan)).toEqual(planned.plan);
});

test("a fork's code waits for a person, and is never trusted", () => {
  const held = planOf({ isFork: true });
  expect(held).toMatchObject({ kind: "hold", reason: expect.stringContaining("Approve code") });
  const planned = planOf({ isFork: true, isApproved: true });
  expect(planned.kind === "plan" && planned.plan.trust).toBe("untrusted");
});

test("a fork's documentation needs nobody's approval", () => {
  const changedFiles = [{ path: "README.md", status: "modified" }] as const;
  expect(planOf({ isFork: true, changedFiles }).kind).toBe("skip");
});

test("documentation alone is skipped", () => {
  const planned = planOf({ changedFiles: [{ path: "README.md", status: "modified" }] });
  expect(planned).toMatchObject({ kind: "skip", title: "Skipped: no Go code changed" });
});

test("a Go file that became documentation is a change all the same", () => {
  const planned = planOf({
    changedFiles: [{ path: "old.md", previousPath: "parse.go", status: "renamed" }],
  });
  expect(planned.kind).toBe("plan");
});

test("a list that GitHub cut short is never taken for documentation only", () => {
  const planned = planOf({
    changedFiles: [{ path: "README.md", status: "modified" }],
    changedFilesTruncated: true,
  });
  expect(planned.kind).toBe("plan");
});

test("head that its base already has is skipped", () => {
  expect(planOf({ mergeBaseSha: INPUTS.headSha }).kind).toBe("skip");
});

test("what somebody asked for is planned; a base they named runs in a sandbox only", () => {
  const asked = planOf({
    settings: { ...INPUTS.settings, packages: ["./parser/..."] },
    benchPattern: "^BenchmarkParse$",
    isForeignBase: true,
    changedFiles: [],
    changedFilesTruncated: true,
  });
  expect(asked).toMatchObject({
    kind: "plan",
    plan: { packages: ["./parser/..."], benchPattern: "^BenchmarkParse$", trust: "untrusted" },
  });
});

test("a calibration measures base against itself, whatever head is", () => {
  const trial = planOf({ isCalibration: true, isFork: true });
  const plan = trial.kind === "plan" ? trial.plan : undefined;
  expect(plan).toMatchObject({ trust: "trusted", changedFiles: [], trial: { slowHeadBy: 0 } });
  expect(plan?.head).toBe(plan?.base);
});

test("what the team does not want measured is skipped, but for a calibration of the base", () => {
  const refusal = { kind: "skip", title: "Skipped: a draft", reason: "not now" } as const;
  expect(planOf({ refusal })).toEqual(refusal);
  expect(planOf({ refusal, isCalibration: true }).kind).toBe("plan");
});

test("the configuration says what is measured, and where", () => {
  const { config } = configOf(`
packages: ["./parser/..."]
benchmarks: {exclude: ["*Slow*"]}
cells: {go: [local, "1.26.8"], env: [{}, {GOGC: 50}]}
`);
  const { budgetSeconds: _, ...settings } = planSettings(config);
  const planned = planOf({ settings });
  expect(planned).toMatchObject({
    kind: "plan",
    plan: {
      packages: ["./parser/..."],
      benchmarks: { exclude: ["*Slow*"] },
      cells: [
        { id: "local", go: "local", env: {} },
        { id: "local GOGC=50", go: "local", env: { GOGC: "50" } },
        { id: "1.26.8", go: "1.26.8", env: {} },
        { id: "1.26.8 GOGC=50", go: "1.26.8", env: { GOGC: "50" } },
      ],
    },
  });
  if (planned.kind === "plan") expect(planSchema.parse(planned.plan)).toEqual(planned.plan);
});

test("cells that would be one folder of the evidence get names of their own", () => {
  const long = "x".repeat(150);
  const { config } = configOf(`cells: {env: [{BENCH_A: ${long}}, {BENCH_A: ${long}y}]}`);
  const ids = planSettings(config).cells.map(({ id }) => id);
  expect(new Set(ids).size).toBe(2);
  expect(ids.every((id) => id.length <= 100)).toBe(true);
});

test("which keys change what is measured", () => {
  const base = configOf("budget: 1m\ngate: observe\n").config;
  const head = configOf("budget: 60s\npackages: [./a]\ngate: strict\n").config;
  expect(changedSettings(base, head)).toEqual(["packages"]);
});

function configOf(text: string) {
  const read = readConfig(text);
  if (read.kind !== "config") throw new Error("the text is a configuration");
  return read;
}
