import { expect, test } from "vitest";
import { packagePaths } from "../../src/evidence/package-paths.ts";

type Packages = readonly (readonly [importPath: string, dir: string])[];

function check(packages: Packages, pairs: Packages): void {
  const paths = packagePaths(packages.map(([importPath, dir]) => ({ importPath, dir })));
  for (const [importPath, dir] of pairs) {
    expect(paths.importPath(dir), dir).toBe(importPath);
    expect(paths.dir(importPath), importPath).toBe(dir);
  }
}

test("one package tells the rule for its module", () => {
  check(
    [["example.com/m", "."]],
    [
      ["example.com/m", "."],
      ["example.com/m/a/b", "a/b"],
    ],
  );
  check(
    [["example.com/m/a/b", "a/b"]],
    [
      ["example.com/m", "."],
      ["example.com/m/c", "c"],
    ],
  );
  check(
    [["example.com/m/v2/a", "a"]],
    [
      ["example.com/m/v2", "."],
      ["example.com/m/v2/c", "c"],
    ],
  );
  check(
    [["m", "."]],
    [
      ["m", "."],
      ["m/c", "c"],
    ],
  );
});

test("a module in a folder, beside one at the root", () => {
  const packages: Packages = [
    ["example.com/m/x", "x"],
    ["example.org/tool", "cmd/tool"],
  ];
  check(packages, [
    ["example.com/m/y", "y"],
    ["example.org/tool", "cmd/tool"],
    ["example.org/tool/z", "cmd/tool/z"],
  ]);
});

test("what no module covers is not known", () => {
  const paths = packagePaths([{ importPath: "example.com/m", dir: "sub" }]);
  expect(paths.dir("sort")).toBeUndefined();
  expect(paths.dir("example.com/mm")).toBeUndefined();
  expect(paths.importPath("other")).toBeUndefined();
  expect(packagePaths([]).importPath(".")).toBeUndefined();
});
