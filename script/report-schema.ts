// Writes docs/report.schema.json, the published contract of report.json, from its Zod schema:
//   npx tsx script/report-schema.ts
// Readers must accept fields they do not know, so the published form forbids none.
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { reportSchema } from "../src/report/report-schema.ts";

export const SCHEMA_FILE = new URL("../docs/report.schema.json", import.meta.url);

/** JSON Schema, draft 2020-12, as text. */
export function reportJsonSchema(): string {
  const schema = z.toJSONSchema(reportSchema, {
    io: "output",
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  const { $schema, ...rest } = schema;
  const described = {
    $schema,
    title: "Tailguard report",
    description:
      "report.json of tailguard compare and of the App. Units follow golang.org/x/perf, ratios are fractions, causes are ordered most certain and largest first.",
    ...rest,
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(SCHEMA_FILE, reportJsonSchema());
}
