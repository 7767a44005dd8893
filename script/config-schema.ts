// Writes what is published of the configuration, from its Zod schema and the words of rules:
//   npx tsx script/config-schema.ts
// docs/tailguard.schema.json for editors, and the tables of docs/configuration.md.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { DEFAULT_POLICY } from "../src/judge/policy.ts";
import { PART_MEANINGS, UNITS, WORDS } from "../src/judge/rule-vocabulary.ts";
import { configSchema } from "../src/plan/config-schema.ts";

export const CONFIG_SCHEMA_FILE = new URL("../docs/tailguard.schema.json", import.meta.url);
export const CONFIG_PAGE = new URL("../docs/configuration.md", import.meta.url);

type Json = { readonly [key: string]: unknown };

/** JSON Schema, draft 2020-12: what an editor may offer and must mark. */
export function configJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, {
    io: "input",
    unrepresentable: "any",
  });
  const described = {
    $schema,
    title: "Tailguard configuration",
    description: "What .github/tailguard.yml may hold; docs/configuration.md says what it means.",
    ...rest,
  };
  return `${JSON.stringify(described, null, 2)}\n`;
}

/** The page with its tables as they must be. */
export function configurationPage(page: string): string {
  const tables = { keys: keyTable(), thresholds: thresholdTable(), words: wordTable() };
  return Object.entries(tables).reduce((text, [name, table]) => withTable(text, name, table), page);
}

function withTable(page: string, name: string, table: string): string {
  const between = new RegExp(`(<!-- ${name}: [^>]*-->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!between.test(page)) throw new Error(`docs/configuration.md has no place for ${name}`);
  return page.replace(between, (_, start: string, end: string) => `${start}${table}${end}`);
}

/** A row a key that has a meaning, inner keys behind their outer ones. */
function keyTable(): string {
  const rows = keyRows(JSON.parse(configJsonSchema()) as Json, "");
  return `| key | what it sets | default |\n|---|---|---|\n${rows.join("")}`;
}

function keyRows(schema: Json, prefix: string): string[] {
  const maps = [schema, ...((schema.anyOf ?? []) as Json[])];
  const inner = maps.flatMap((map) => Object.entries((map.properties ?? {}) as Json));
  const items = maps.flatMap((map) => (map.items === undefined ? [] : [map.items as Json]));
  return [
    ...inner.flatMap(([key, value]) => {
      const described = value as Json;
      const name = `${prefix}${key}`;
      const [, meaning = "", standard = ""] =
        /^([^[]*?)(?: \[(.*)\])?$/.exec(String(described.description ?? "")) ?? [];
      const row = meaning === "" ? [] : [`| \`${name}\` | ${meaning} | ${standard} |\n`];
      return [...row, ...keyRows(described, `${name}.`)];
    }),
    ...items.flatMap((item) => keyRows(item, prefix)),
  ];
}

function thresholdTable(): string {
  const rows = Object.entries(DEFAULT_POLICY.metrics).map(([metric, policy]) => {
    const { threshold, smallestChange } = policy;
    const least = smallestChange === 0 ? "" : `; and ${smallestChange} or more`;
    return `| \`${metric}\` | ${Number((threshold * 100).toPrecision(3))}%${least} |\n`;
  });
  return `| metric | threshold |\n|---|---|\n${rows.join("")}`;
}

function wordTable(): string {
  const rows = [
    ...[...WORDS].map(([word, { kind, meaning }]) => [word, kind, meaning] as const),
    ...[...PART_MEANINGS].map(([word, meaning]) => [word, "", meaning] as const),
    [[...UNITS.keys()].join(" "), "unit", "behind a number: `5%`, `2 ms`, `64 KiB`"] as const,
  ];
  const lines = rows.map(([word, kind, meaning]) => `| \`${word}\` | ${kind} | ${meaning} |\n`);
  return `| word | kind | meaning |\n|---|---|---|\n${lines.join("")}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(CONFIG_SCHEMA_FILE, configJsonSchema());
  writeFileSync(CONFIG_PAGE, configurationPage(readFileSync(CONFIG_PAGE, "utf8")));
}
