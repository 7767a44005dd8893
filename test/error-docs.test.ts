// docs/errors.md lists the codes of src/errors.ts: every one, and no other.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

function codesIn(path: string, pattern: RegExp): string[] {
  const text = readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
  return [...text.matchAll(pattern)].map((found) => found[1] ?? "").sort();
}

test("every error code is documented once, with what to do", () => {
  const declared = codesIn("src/errors.ts", /\| "(TG_[A-Z_]+)"/g);
  expect(declared.length).toBeGreaterThan(10);
  expect(codesIn("docs/errors.md", /^\| `(TG_[A-Z_]+)` \| [^|]{20,} \| [^|]{20,} \|$/gm)).toEqual(
    declared,
  );
});
