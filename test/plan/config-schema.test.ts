import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { CONFIG_SCHEMA_FILE, configJsonSchema } from "../../script/config-schema.ts";

const published = readFileSync(CONFIG_SCHEMA_FILE, "utf8");
const validate = new Ajv2020({ strict: false }).compile(JSON.parse(published));

test("docs/tailguard.schema.json is what script/config-schema.ts writes", () => {
  expect(published).toBe(configJsonSchema());
});

test("an editor takes what the reader takes", () => {
  const page = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  for (const [, example = ""] of page.matchAll(/```yaml\n([\s\S]*?)```/g)) {
    expect(validate(parse(example)) || validate.errors).toBe(true);
  }
});

test("and marks what the reader refuses", () => {
  for (const text of [
    "treshold: {}",
    "gate: carefull",
    "gate: {rules: [p99 > 5%]}",
    "cells: {go: [1.2]}",
    "waivers: [{benchmark: a}]",
    "budget: soon",
  ]) {
    expect(validate(parse(text)), text).toBe(false);
  }
});
