// The documents: every path they name exists, every command they show is one we have.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { configurationPage } from "../script/config-schema.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...["docs", "docs/experiments"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
];

const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

describe.each(DOCUMENTS)("%s", (document) => {
  const text = textOf(document);

  test("links to files that exist", () => {
    const missing = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map((match) => match[1] ?? "")
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    expect(missing).toEqual([]);
  });

  test("names source paths that exist", () => {
    const missing = [...text.matchAll(/`((?:src|test|script|probe|templates|docs)\/[\w./-]+)`/g)]
      .map((match) => match[1] ?? "")
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  test("shows options of tailguard that exist", () => {
    const program = textOf("src/main.ts");
    const options = [
      ...text.matchAll(
        /tailguard (?:compare|report|calibrate|experiment|server|runner|policy check|policy test)[^\n`]*/g,
      ),
    ]
      .flatMap((match) => match[0].match(/--[a-z-]+/g) ?? [])
      .filter((option) => !program.includes(`${option} `) && !program.includes(`"${option}"`));
    expect(options).toEqual([]);
  });
});

test("the tables of docs/configuration.md are what script/config-schema.ts writes", () => {
  const page = textOf("docs/configuration.md");
  expect(page).toBe(configurationPage(page));
});

test("the version is that of package.json", async () => {
  const { TAILGUARD_VERSION } = await import("../src/version.ts");
  expect(TAILGUARD_VERSION).toBe(JSON.parse(textOf("package.json")).version);
});

test("every row of events by state names a test that there is", () => {
  const text = textOf("docs/github-behaviour.md");
  const rows = [...text.matchAll(/\| (\w+): \*(.+)\* \|$/gm)];
  expect(rows.length).toBeGreaterThan(30);
  const missing = rows.filter(
    ([, file, title]) => !textOf(`test/commands/${file}.slow.test.ts`).includes(`"${title}"`),
  );
  expect(missing.map(([row]) => row)).toEqual([]);
});
