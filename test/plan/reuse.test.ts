import { describe, expect, test } from "vitest";
import { type ComparedFiles, type Comparisons, mayReuse } from "../../src/plan/reuse.ts";

const M = "a".repeat(40);
const B = "b".repeat(40);

function compared(mergeBaseSha: string, files: Readonly<Record<string, string>>): ComparedFiles {
  const changedFiles = Object.entries(files).map(([path, blob]) => ({
    path,
    blob,
    status: "modified" as const,
  }));
  return { mergeBaseSha, changedFiles, truncated: false };
}

const SAFE: Comparisons = {
  base: compared(M, { "README.md": "1" }),
  change: compared(M, { "a.go": "2", "b.go": "3" }),
  group: compared(B, { "b.go": "3", "a.go": "2" }),
  measuredBaseSha: M,
  groupBaseSha: B,
};

test("a result is taken over where both comparisons are of the same code", () => {
  expect(mayReuse(SAFE)).toBe(true);
  const unmoved = {
    ...SAFE,
    base: compared(M, {}),
    group: compared(M, { "a.go": "2", "b.go": "3" }),
  };
  expect(mayReuse({ ...unmoved, groupBaseSha: M })).toBe(true);
});

describe("it is measured where", () => {
  const cases: readonly (readonly [string, Partial<Comparisons>])[] = [
    ["Go code of the base moved", { base: compared(M, { "c.go": "1" }) }],
    ["a module file of the base moved", { base: compared(M, { "go.sum": "1" }) }],
    ["a file came out otherwise", { group: compared(B, { "a.go": "2", "b.go": "4" }) }],
    ["the group brings more", { group: compared(B, { "a.go": "2", "b.go": "3", "c.go": "5" }) }],
    ["the group brings less", { group: compared(B, { "a.go": "2" }) }],
    ["a list may be incomplete", { group: { ...SAFE.group, truncated: true } }],
    ["the base's list may be incomplete", { base: { ...SAFE.base, truncated: true } }],
    ["the base was rewritten", { base: compared("c".repeat(40), {}) }],
    ["the group is not on its base", { group: { ...SAFE.group, mergeBaseSha: M } }],
  ];
  test.each(cases)("%s", (_, change) => expect(mayReuse({ ...SAFE, ...change })).toBe(false));
});
