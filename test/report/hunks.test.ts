import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isCommentable, parseHunks } from "../../src/report/hunks.ts";
import { hostileText } from "./hostile.ts";

const DIFF = `diff --git a/parser.go b/parser.go
index 1111111..2222222 100644
--- a/parser.go
+++ b/parser.go
@@ -10,4 +10,5 @@ func Parse() {
 	a()
-	b()
+	b(1)
+	c()
 	d()
 	e()
@@ -40,3 +41,2 @@ func skip() {
 	x()
-	y()
 	z()
diff --git a/lexer.go b/scan/lexer.go
similarity index 90%
rename from lexer.go
rename to scan/lexer.go
index 1111111..2222222 100644
--- a/lexer.go
+++ b/scan/lexer.go
@@ -1,2 +1,2 @@
-package m
+package scan
 
diff --git a/new.go b/new.go
new file mode 100644
index 0000000..3333333
--- /dev/null
+++ b/new.go
@@ -0,0 +1,2 @@
+package m
+func New() {}
diff --git a/old.go b/old.go
deleted file mode 100644
index 3333333..0000000
--- a/old.go
+++ /dev/null
@@ -1 +0,0 @@
-package m
diff --git a/logo.png b/logo.png
index 1111111..2222222 100644
Binary files a/logo.png and b/logo.png differ
diff --git "a/with \\"quote\\".go" "b/with \\"quote\\".go"
index 1111111..2222222 100644
--- "a/with \\"quote\\".go"
+++ "b/with \\"quote\\".go"
@@ -3 +3 @@
-a
+b
`;

const hunks = parseHunks(DIFF);

describe("lines that may carry a remark", () => {
  test.each([
    ["head", "parser.go", 9, false],
    ["head", "parser.go", 10, true],
    ["head", "parser.go", 14, true],
    ["head", "parser.go", 15, false],
    ["head", "parser.go", 41, true],
    ["head", "parser.go", 42, true],
    ["head", "parser.go", 43, false],
    ["base", "parser.go", 13, true],
    ["base", "parser.go", 14, false],
    ["base", "parser.go", 42, true],
    ["head", "scan/lexer.go", 1, true],
    ["head", "lexer.go", 1, false],
    ["base", "lexer.go", 1, true],
    ["head", "new.go", 2, true],
    ["base", "new.go", 1, false],
    ["head", "old.go", 1, false],
    ["base", "old.go", 1, true],
    ["head", "logo.png", 1, false],
    ["head", 'with "quote".go', 3, true],
    ["head", "other.go", 1, false],
  ] as const)("%s %s:%i %s", (side, file, line, expected) => {
    expect(isCommentable(hunks, side, { file, line })).toBe(expected);
  });
  test("no problem is found in a whole diff", () => {
    expect(hunks.problems).toEqual([]);
  });
});

test("a diff that was cut off loses its last file, not the others, and says so", () => {
  const cut = DIFF.slice(0, DIFF.indexOf("+func New"));
  const found = parseHunks(cut);
  expect(isCommentable(found, "head", { file: "parser.go", line: 10 })).toBe(true);
  expect(isCommentable(found, "head", { file: "new.go", line: 1 })).toBe(false);
  expect(found.problems).toHaveLength(1);
  expect(found.problems[0]).toContain("diff --git a/new.go b/new.go");
});

test("any text is read without an error", () => {
  fc.assert(
    fc.property(hostileText, hostileText, (path, body) => {
      const text = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n${body}`;
      expect(parseHunks(text).head.size).toBeLessThanOrEqual(1);
    }),
  );
});
