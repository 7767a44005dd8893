import { expect, test } from "vitest";
import type { ReportMovedCode } from "../../src/report/ledger-schema.ts";
import { ledgerTexts } from "../../src/report/ledgers.ts";
import { metric, reportOf } from "./make-report.ts";

function check(moved: Partial<ReportMovedCode>, expected: string) {
  const report = reportOf([metric()]);
  const movedCode: ReportMovedCode = {
    how: "renamed",
    base: "example.com/m/json.(*Parser).skip",
    head: "example.com/m/json.(*Parser).skipSpace",
    baseNs: 120,
    headNs: 121,
    change: "same",
    ...moved,
  };
  const ledger = { level: 0.95, profiles: 8, rows: [], movedCode: [movedCode] };
  const benchmarks = report.benchmarks.map((benchmark) => ({ ...benchmark, ledger }));
  expect(ledgerTexts({ ...report, benchmarks })[0]?.moved).toEqual([expected]);
}

test("code that moved without a change says so, with what both names cost", () => {
  check(
    {},
    "`json.(*Parser).skip` is now `json.(*Parser).skipSpace`: moved, no change shown (120ns an operation in base, 121ns in head)",
  );
});

test("code that moved and got slower is slower by the difference", () => {
  check(
    { how: "extracted", headNs: 180, change: "slower" },
    "`json.(*Parser).skipSpace` was part of `json.(*Parser).skip`: moved, and slower (120ns an operation in base, 180ns in head)",
  );
});

test.each([
  ["inlined", "`json.(*Parser).skip` is now part of `json.(*Parser).skipSpace`"],
  ["wrapped", "`json.(*Parser).skipSpace` now stands around `json.(*Parser).skip`"],
  ["unwrapped", "`json.(*Parser).skip` no longer stands around `json.(*Parser).skipSpace`"],
] as const)("%s", (how, start) => {
  check({ how }, `${start}: moved, no change shown (120ns an operation in base, 121ns in head)`);
});
