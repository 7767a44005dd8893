// The texts of templates/, read from beside the program once. Stages that write pages are pure and
// take these texts as an argument.
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../templates/", import.meta.url);

/** Every file of templates/ by name; works from src/ and from dist/, which are siblings of it. */
export function readTemplates(): Readonly<Record<string, string>> {
  const files = readdirSync(FOLDER).filter((name) => /\.(hbs|css)$/.test(name));
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]),
  );
}
