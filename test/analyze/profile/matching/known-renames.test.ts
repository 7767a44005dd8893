import { expect, test } from "vitest";
import { headKeyOf, knownRenames } from "../../../../src/analyze/profile/matching/known-renames.ts";
import { declaration } from "../../../judge/findings.ts";

const at = (file: string) => ({ file, line: 1 });

test("renames of functions in their package, closures included", () => {
  const renames = knownRenames([
    declaration("(*T).Read", { previousName: "(*T).Scan", base: at("m/a.go"), head: at("m/b.go") }),
    declaration("moved", { previousName: "old", base: at("m/a.go"), head: at("n/a.go") }),
    declaration("Limit", { previousName: "Max", declaration: "const" }),
    declaration("same"),
  ]);
  expect([...renames]).toEqual([["example.com/m.(*T).Scan", "example.com/m.(*T).Read"]]);
  expect(headKeyOf("example.com/m.(*T).Scan.func", renames)).toBe("example.com/m.(*T).Read.func");
  expect(headKeyOf("example.com/m.(*T).Scanner", renames)).toBeUndefined();
});
