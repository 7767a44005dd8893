// The pattern for one benchmark against the real package testing, with names made to break it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exactPattern, withoutGomaxprocs } from "../../src/bench/name.ts";
import { parseBenchmarks } from "../../src/bench/parse.ts";

const SUB_NAMES = [
  "plain",
  "plain-2",
  "two words",
  "a/b",
  "a",
  "",
  "(x)",
  "[y",
  "p|q",
  "p",
  "$^.*+?{1}\\",
  "tab\tbell\u0007",
  "größe=4k",
  "#01",
];

const SOURCE = `package m

import "testing"

func BenchmarkNames(b *testing.B) {
	for _, name := range []string{${SUB_NAMES.map((name) => JSON.stringify(name)).join(", ")}} {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
			}
		})
	}
}

func BenchmarkNamesToo(b *testing.B) {
	for i := 0; i < b.N; i++ {
	}
}
`;

let dir: string;

function run(pattern: string): string[] {
  const out = execFileSync(
    join(dir, "m.test"),
    ["-test.run=^$", `-test.bench=${pattern}`, "-test.benchtime=1x", "-test.cpu=2"],
    { cwd: dir, encoding: "utf8" },
  );
  return parseBenchmarks(out).results.map(({ name }) => withoutGomaxprocs(name, 2));
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "names-"));
  writeFileSync(join(dir, "go.mod"), "module example.com/m\n\ngo 1.21\n");
  writeFileSync(join(dir, "m_test.go"), SOURCE);
  execFileSync(process.env.GO ?? "go", ["test", "-c", "-vet=off", "-o", "m.test", "."], {
    cwd: dir,
  });
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test("each benchmark runs alone under its exact pattern", () => {
  const all = run(".");
  expect(all).toHaveLength(SUB_NAMES.length + 1);
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) {
    // "a" brings "a/b" along: package testing takes a pattern for the start of a path.
    const expected = all.filter((other) => other === name || other.startsWith(`${name}/`));
    expect(run(exactPattern(name)), exactPattern(name)).toEqual(expected);
  }
});
