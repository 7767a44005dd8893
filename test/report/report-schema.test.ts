import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { reportJsonSchema, SCHEMA_FILE } from "../../script/report-schema.ts";
import { CASES } from "./read-case.ts";

const published = readFileSync(SCHEMA_FILE, "utf8");

test("docs/report.schema.json is what script/report-schema.ts writes", () => {
  expect(published).toBe(reportJsonSchema());
});

describe("the published schema", () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(published),
  );
  test.each(CASES)("takes $name", ({ report }) => {
    expect(validate(JSON.parse(JSON.stringify(report))) || validate.errors).toBe(true);
  });
  test("takes fields of later versions, as readers must", () => {
    const [first] = CASES;
    expect(validate({ ...first?.report, later: true })).toBe(true);
  });
  test("refuses a report without a conclusion", () => {
    expect(validate({ ...CASES[0]?.report, conclusion: undefined })).toBe(false);
  });
});
