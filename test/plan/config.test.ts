// Configurations as people write them, and as they should not: every folder of
// test/testdata/config/malformed has a file with a mistake and the words a person gets for it.
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPolicy } from "../../src/judge/read-policy.ts";
import { configError, problemText, readConfig } from "../../src/plan/config.ts";

const MALFORMED = new URL("../testdata/config/malformed/", import.meta.url);
const CASES = readdirSync(MALFORMED).filter((name) => name.endsWith(".yml"));

function check(text: string, expected: unknown) {
  expect(readConfig(text)).toMatchObject({ kind: "config", config: expected });
}

function checkProblem(text: string, ...expected: string[]) {
  const read = readConfig(text);
  expect(read.kind, text.slice(0, 200)).toBe("problems");
  if (read.kind !== "problems") return;
  const words = read.problems.map(problemText).join("\n");
  for (const each of expected) expect(words).toContain(each);
}

test("an empty file is a configuration", () => {
  check("", {});
  check("# only a comment\n", {});
});

test("percentages, durations and variables are read as people write them", () => {
  check("budget: 2m30s\nthresholds:\n  p10-sec/op: 5%\n  B/op: 0.1\n", {
    budget: 150,
    thresholds: { "p10-sec/op": 0.05, "B/op": 0.1 },
  });
  check("cells:\n  go: [local, '1.26.8']\n  env: [{GOGC: 50, CGO_ENABLED: 0, BENCH_X: yes}]\n", {
    cells: {
      go: ["local", "1.26.8"],
      env: [{ GOGC: "50", CGO_ENABLED: "0", BENCH_X: "yes" }],
    },
  });
});

test("the full example of the documentation is a configuration", async () => {
  const text = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((found) => found[1] ?? "");
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples) {
    const read = await readPolicy(example, "tailguard.yml");
    expect(read.kind === "problems" ? read.problems.map(problemText) : []).toEqual([]);
  }
});

describe("each mistake is told with its line, its column and the nearest right word", () => {
  test("there are at least twenty", () => expect(CASES.length).toBeGreaterThanOrEqual(20));

  test.each(CASES)("%s", async (name) => {
    const read = await readPolicy(readFileSync(new URL(name, MALFORMED), "utf8"), name);
    expect(read.kind).toBe("problems");
    if (read.kind !== "problems") return;
    const golden = new URL(name.replace(".yml", ".txt"), MALFORMED).pathname;
    const { message } = configError(read.problems, "tailguard.yml");
    await expect(`${message}\n`).toMatchFileSnapshot(golden);
  });
});

describe("hostile files", () => {
  test("aliases that multiply are refused", () => {
    const rows = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    checkProblem(`a0: &a0 [x]\n${rows.join("\n")}`, "alias");
  });
  test("a file of a megabyte is not read", () => {
    checkProblem(`paths: [${"a,".repeat(500_000)}]`, "characters; 65536 are read");
  });
  test("nesting without end ends", () => {
    checkProblem("paths: ".concat("[".repeat(30_000), "]".repeat(30_000)), "nested too deeply");
    checkProblem("{a: ".repeat(3_000).concat("1", "}".repeat(3_000)), "nested too deeply");
  });
  test("keys of the prototype are keys like others: unknown", () => {
    for (const key of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
      checkProblem(`${key}: {gate: observe}\n`, `1:1 ${key}: there is no such key`);
      checkProblem(`thresholds: {${key}: 5%}\n`, `${key}: there is no such key`);
      checkProblem(`cells: {env: [{${key}: x}]}\n`, key);
    }
    expect(({} as { gate?: unknown }).gate).toBeUndefined();
  });
  test("tags, merge keys, keys that are lists, several documents", () => {
    checkProblem("gate: !!js/function 'return 1'\n", "Unresolved tag");
    checkProblem("<<: {gate: observe}\n", "<<: there is no such key");
    checkProblem("? [gate]\n: observe\n", "a key must be a word");
    checkProblem("gate: observe\n---\ngate: strict\n", "multiple documents");
  });
  test("thousands of keys", () => {
    checkProblem(Array.from({ length: 6_000 }, (_, i) => `k${i}:`).join("\n"), "no such key");
  });
  test("any text gives a configuration or problems inside the file", async () => {
    const piece = fc.constantFrom(..."gate: observe\n thresholds[]{}*&!%@`'\"|>-?#,\t0".split(""));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((at) => at.join("")),
        ),
        async (text) => {
          const read = await readPolicy(text, "f");
          if (read.kind !== "problems") return;
          expect(read.problems.length).toBeGreaterThan(0);
          for (const { line, column } of read.problems) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(text.split("\n").length);
            expect(column).toBeGreaterThanOrEqual(1);
          }
        },
      ),
    );
  });
});
