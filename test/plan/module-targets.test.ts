import { expect, test } from "vitest";
import { inModule, moduleTargets } from "../../src/plan/module-targets.ts";

/** Expected: "folder: pattern pattern", one a module. */
function check(
  moduleFiles: string[],
  patterns: string[],
  expected: string[],
  changed: string[] = [],
) {
  const targets = moduleTargets(moduleFiles, patterns, changed);
  expect(targets.map(({ dir, patterns: found }) => `${dir}: ${found.join(" ")}`)).toEqual(expected);
}

test("one module at the root takes patterns as they are", () => {
  check(["go.mod"], ["./..."], [".: ./..."]);
  check(["go.mod"], ["./lists/arraylist"], [".: ./lists/arraylist"]);
  check(["go.mod"], ["lists/arraylist"], [".: ./lists/arraylist"]);
  check(["go.mod"], ["."], [".: ./."]);
});

test("everything means the modules below too, each with its own pattern", () => {
  check(
    ["go.mod", "tools/go.mod", "api/v2/go.mod"],
    ["./..."],
    [".: ./...", "api/v2: ./...", "tools: ./..."],
  );
});

test("a pattern belongs to the deepest module around it", () => {
  check(["go.mod", "api/go.mod"], ["./api/client"], ["api: ./client"]);
  check(["go.mod", "api/go.mod"], ["./api/..."], ["api: ./..."]);
});

test("a module below the root only", () => {
  check(["backend/go.mod"], ["./..."], ["backend: ./..."]);
});

test("without a module there is no target", () => {
  check([], ["./..."], []);
  check(["go.work"], ["./..."], []);
});

test("among very many modules only those with changes are listed", () => {
  const files = Array.from({ length: 30 }, (_, index) => `m${index}/go.mod`);
  check(files, ["./..."], ["m3: ./...", "m7: ./..."], ["m3/a.go", "m7/deep/b.go", "README.md"]);
});

test("a file belongs to the deepest module around it", () => {
  const files = ["go.mod", "tools/go.mod", "tools/gen/go.mod", "go.work"];
  const own = (dir: string, paths: readonly string[]) => paths.filter(inModule(files, dir));
  const paths = ["a.go", "b/b.go", "tools/t.go", "tools/x/x.go", "tools/gen/g.go", "toolset/s.go"];
  expect(own(".", paths)).toEqual(["a.go", "b/b.go", "toolset/s.go"]);
  expect(own("tools", paths)).toEqual(["tools/t.go", "tools/x/x.go"]);
  expect(own("tools/gen", paths)).toEqual(["tools/gen/g.go"]);
  expect(own("elsewhere", paths)).toEqual([]);
});
