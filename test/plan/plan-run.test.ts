import { expect, test } from "vitest";
import { planSchema } from "../../src/plan/plan.ts";
import { type PlanInputs, planRun } from "../../src/plan/plan-run.ts";

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
    packages: ["./parser/..."],
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

test("what the settings leave out is skipped with a word on how to have it all the same", () => {
  for (const isLeftOut of ["draft", "bot"] as const) {
    const skipped = planOf({ isLeftOut });
    expect(skipped).toMatchObject({ kind: "skip" });
    expect(skipped.kind === "skip" ? skipped.reason : "").toContain("`/tailguard run`");
  }
});
