// What is suggested, and above all what is not: a suggestion that changes the program is worse
// than none.
import { describe, expect, test } from "vitest";
import { diffLinesOf } from "../../src/report/diff-lines.ts";
import type { ReportCause } from "../../src/report/report-schema.ts";
import { suggestionFor } from "../../src/report/suggestion.ts";

const CAUSE: ReportCause = {
  benchmark: "BenchmarkNames",
  package: "example.com/m",
  metric: "allocs/op",
  function: "example.com/m.names",
  file: "m.go",
  line: 1,
  side: "head",
  kind: "allocation",
  chain: [],
  proof: "profile",
  text: "",
};

/** The file as new in head, so that every line is in the diff; lines count from 1. */
function added(source: string): string {
  const lines = source.trim().split("\n");
  const body = lines.map((line) => `+${line}`).join("\n");
  return `diff --git a/m.go b/m.go\n--- /dev/null\n+++ b/m.go\n@@ -0,0 +1,${lines.length} @@\n${body}\n`;
}

function check(source: string, expected: readonly [line: number, text: string] | undefined) {
  const found = suggestionFor(CAUSE, diffLinesOf(added(source), "m.go"));
  expect(found && [found.line, ...found.lines]).toEqual(expected);
}

const names = (make: string, loop: string, body: string, source = "users []User") => `
func names(${source}) []string {
	${make}
	${loop} {
		${body}
	}
	return out
}`;

const MAKE = "out := make([]string, 0)";
const LOOP = "for _, user := range users";
const ADD = "out = append(out, user.Name)";

describe("room for a slice that a loop fills", () => {
  const wanted = [2, "\tout := make([]string, 0, len(users))"] as const;
  test.each([
    ["made without room", names(MAKE, LOOP, ADD), wanted],
    ["made by a literal", names("out := []string{}", LOOP, ADD), wanted],
    [
      "indexed instead of ranged over",
      names(MAKE, "for i := range users", "out = append(out, users[i].Name)"),
      wanted,
    ],
    [
      "with a length that is asked for",
      names("out := make([]string, 0)", LOOP, ADD, "users list").replace(
        "return out",
        "if len(users) == 0 {\n\t\tpanic(0)\n\t}\n\treturn out",
      ),
      wanted,
    ],
    [
      "of a field",
      names(MAKE, "for _, u := range s.users", "out = append(out, s.users[0].Name+u.Name)"),
      [2, "\tout := make([]string, 0, len(s.users))"] as const,
    ],
    [
      "of pointers to slices",
      names("out := make([]*[]byte, 0)", LOOP, "out = append(out, user.Bytes)"),
      [2, "\tout := make([]*[]byte, 0, len(users))"] as const,
    ],
    [
      "a map by the loop's own key",
      names("out := make(map[string]int)", "for name, id := range users", "out[name] = id").replace(
        "users []User",
        "users map[string]int",
      ),
      [2, "\tout := make(map[string]int, len(users))"] as const,
    ],
  ])("%s", (_, source, expected) => check(source, expected));
});

describe("nothing is suggested where", () => {
  test.each([
    ["an empty slice would no longer be nil", names("var out []string", LOOP, ADD)],
    ["there is room already", names("out := make([]string, 0, 8)", LOOP, ADD)],
    ["there are items already", names("out := make([]string, 1)", LOOP, ADD)],
    ["an item is added under a condition", names(MAKE, LOOP, `if ok {\n\t\t\t${ADD}\n\t\t}`)],
    ["the loop may end early", names(MAKE, LOOP, `if x {\n\t\t\tbreak\n\t\t}\n\t\t${ADD}`)],
    [
      "an iteration may be left out",
      names(MAKE, LOOP, `if x {\n\t\t\tcontinue\n\t\t}\n\t\t${ADD}`),
    ],
    ["more than one is added at once", names(MAKE, LOOP, "out = append(out, user.Names...)")],
    ["it is used otherwise", names(MAKE, LOOP, `use(out)\n\t\t${ADD}`)],
    ["the source may be a channel", names(MAKE, "for user := range users", ADD, "users stream")],
    ["the source may be an iterator", names(MAKE, LOOP, ADD, "users iter.Seq2[int, User]")],
    ["the source is a call", names(MAKE, "for _, user := range users()", ADD)],
    ["the source is a number", names(MAKE, "for i := range n", "out = append(out, i)", "n int")],
    ["something stands between", names(`${MAKE}\n\tprepare()`, LOOP, ADD)],
    [
      "the map's key is not the loop's",
      names("out := make(map[string]int)", LOOP, "out[user.Name] = 1"),
    ],
    [
      "there are two of them",
      names(MAKE, LOOP, ADD).replace(
        "return out",
        `more := make([]string, 0)\n\t${LOOP} {\n\t\tmore = append(more, user.Name)\n\t}\n\treturn more`,
      ),
    ],
    ["the line holds what cannot be seen", names("out := make([]Us\u200ber, 0)", LOOP, ADD)],
    ["the end of the loop is not shown", names(MAKE, LOOP, ADD).split("\n\t}")[0] ?? ""],
  ])("%s", (_, source) => check(source, undefined));

  test("only time moved and nothing was allocated", () => {
    const cause = { ...CAUSE, metric: "p10-sec/op", kind: "inlining" } as const;
    const diff = diffLinesOf(added(names(MAKE, LOOP, ADD)), "m.go");
    expect(suggestionFor(cause, diff)).toBeUndefined();
  });

  test("the function is another one", () => {
    const source = `func other() {\n\tf()\n}\n${names(MAKE, LOOP, ADD)}`;
    expect(suggestionFor(CAUSE, diffLinesOf(added(source), "m.go"))).toBeUndefined();
  });
});

describe("a conversion that a loop repeats", () => {
  const HEAD = "func count(lines [][]byte, sep string) int {";
  const FOR = "for _, line := range lines {";
  const USE = "if bytes.Contains(line, []byte(sep)) {";
  const source = (...[head, loop, use, more = ""]: string[]) =>
    `${head}\n\tn := 0${more}\n\t${loop}\n\t\t${use}\n\t\t\tn++\n\t\t}\n\t}\n\treturn n\n}`;

  test("is made before it, in the lines from the loop's on", () => {
    const diff = diffLinesOf(added(source(HEAD, FOR, USE)), "m.go");
    expect(suggestionFor(CAUSE, diff)).toEqual({
      firstLine: 3,
      line: 4,
      lines: [
        "\tsepBytes := []byte(sep)",
        "\tfor _, line := range lines {",
        "\t\tif bytes.Contains(line, sepBytes) {",
      ],
      what: "Converts once before the loop, not in each iteration.",
    });
  });

  test.each([
    ["the loop names the text again", source(HEAD, FOR, USE.replace("line,", "f(sep),"))],
    ["the loop brings another one of the name", source(HEAD, "for _, sep := range seps {", USE)],
    ["it is no parameter", source(HEAD.replace("sep string", "s T"), FOR, USE)],
    ["it is changed somewhere", source(HEAD, FOR, USE, '\n\tsep += "."')],
    ["it is changed with others", source(HEAD, FOR, USE, "\n\tsep, n = f(n)")],
    ["something points at it", source(HEAD, FOR, USE, "\n\tf(&sep)")],
    ["the new name is taken", source(HEAD, FOR, USE, "\n\tsepBytes := 0")],
    ["the bytes are kept", source(HEAD, FOR, "if keep(line, []byte(sep)) {")],
    [
      "the bytes come first, and may come back",
      source(HEAD, FOR, "if f(bytes.TrimSpace([]byte(sep))) {"),
    ],
    ["it is a comment", source(HEAD, FOR, `// ${USE}\n\t\tif true {`)],
    ["bytes is no package here", source(HEAD.replace("lines", "bytes T, lines"), FOR, USE)],
    ["the loop has a label", source(HEAD, FOR, USE, "\nouter:")],
    ["the end is not shown", source(HEAD, FOR, USE).split("\n\treturn")[0] ?? ""],
  ])("stays where %s", (_, text) => check(text, undefined));
});

describe("a conversion by unsafe.Pointer that was replaced", () => {
  const cause = { ...CAUSE, kind: "unsafe-pointer", line: 5 } as const;
  const diff = (hunk: string) =>
    diffLinesOf(`diff --git a/m.go b/m.go\n--- a/m.go\n+++ b/m.go\n${hunk}`, "m.go");

  test("comes back", () => {
    const hunk =
      "@@ -4,3 +4,3 @@\n \tx()\n-\treturn *(*string)(unsafe.Pointer(&b))\n+\treturn string(b)\n }\n";
    expect(suggestionFor(cause, diff(hunk))).toMatchObject({
      line: 5,
      lines: ["\treturn *(*string)(unsafe.Pointer(&b))"],
    });
  });

  test("stays away when its import is gone, or more lines changed", () => {
    const removed = '@@ -1,1 +1,0 @@\n-import "unsafe"\n';
    const hunk =
      "@@ -5,2 +4,2 @@\n \tx()\n-\treturn *(*string)(unsafe.Pointer(&b))\n+\treturn string(b)\n";
    expect(suggestionFor(cause, diff(removed + hunk))).toBeUndefined();
    const more = "@@ -5,1 +5,2 @@\n-\treturn *(*string)(unsafe.Pointer(&b))\n+\ta()\n+\tb()\n";
    expect(suggestionFor(cause, diff(more))).toBeUndefined();
  });
});

describe("a pointer receiver that became a value", () => {
  const cause = { ...CAUSE, metric: "p10-sec/op", kind: "signature", line: 4 } as const;
  const suggested = (hunk: string) =>
    suggestionFor(
      cause,
      diffLinesOf(`diff --git a/m.go b/m.go\n--- a/m.go\n+++ b/m.go\n${hunk}`, "m.go"),
    );
  const method = (base: string, head: string, body = " \treturn t.sum[i]\n") =>
    `@@ -3,5 +3,5 @@\n \n-${base} {\n+${head} {\n${body} }\n \n`;

  test.each([
    ["of a method", "func (t *Table) At(i int) int", "func (t Table) At(i int) int"],
    ["of a type with parameters", "func (t *Set[K, V]) Len() int", "func (t Set[K, V]) Len() int"],
    ["without a name", "func (*Table) Kind() string", "func (Table) Kind() string"],
  ])("comes back, %s", (_, base, head) => {
    expect(suggested(method(base, head))).toMatchObject({ line: 4, lines: [`${base} {`] });
  });

  test.each([
    ["a parameter lost its pointer instead", "func at(t *Table) int", "func at(t Table) int"],
    ["more of the line changed", "func (t *Table) At(i int) int", "func (t Table) At(i int) int64"],
    [
      "the value is what was there",
      "func (t Table) At(i int) int",
      "func (t *Table) At(i int) int",
    ],
  ])("stays away where %s", (_, base, head) => {
    expect(suggested(method(base, head))).toBeUndefined();
  });

  test.each([
    ["gained a line", "+\tt.sum = nil\n \treturn t.sum[i]\n"],
    ["lost a line", "-\tt.seen++\n \treturn t.sum[i]\n"],
  ])("stays away where the body %s: it may count on the copy", (_, body) => {
    const base = "func (t *Table) At(i int) int";
    expect(suggested(method(base, base.replace("*", ""), body))).toBeUndefined();
  });
});
