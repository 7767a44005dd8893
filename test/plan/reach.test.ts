import { expect, test } from "vitest";
import type { ChangedFile } from "../../src/plan/plan.ts";
import { reachedBy } from "../../src/plan/reach.ts";

/** Does a change of `path` reach the package in `parser`, which also links `internal/text`? */
function check(path: string, expected: boolean, previousPath?: string) {
  const file: ChangedFile =
    previousPath === undefined
      ? { path, status: "modified" }
      : { path, previousPath, status: "renamed" };
  const target = { dir: "parser", linkedDirs: new Set(["parser", "internal/text"]) };
  expect(reachedBy(target, [file]) !== undefined, path).toBe(expected);
}

test("Go files reach the packages that link them", () => {
  check("parser/parse.go", true);
  check("internal/text/text.go", true);
  check("server/server.go", false);
  check("parser/testgen/main.go", false);
});

test("a file that moved away reached what it was in", () => {
  check("other/text.go", true, "internal/text/text.go");
  check("other/text.go", false, "elsewhere/text.go");
});

test("files a benchmark may read count below its packages", () => {
  check("parser/testdata/large.json", true);
  check("parser/sum_amd64.s", true);
  check("server/testdata/large.json", false);
});

test("what every build depends on reaches all", () => {
  check("go.mod", true);
  check("go.sum", true);
  check("vendor/modules.txt", true);
});

test("documentation and settings of other tools reach nothing", () => {
  check("README.md", false);
  check("parser/README.md", false);
  check(".github/workflows/ci.yml", false);
  check("docs/format.txt", false);
  check("LICENSE", false);
});

test("a Go file is never documentation, wherever it lies", () => {
  const target = { dir: "docs", linkedDirs: new Set(["docs"]) };
  expect(reachedBy(target, [{ path: "docs/gen.go", status: "added" }])).toBe("docs/gen.go changed");
});
