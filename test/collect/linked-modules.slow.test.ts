// A repository that keeps its benchmarks in a module of their own, joined by a replace directive: the
// code they measure is in another module of the same checkout.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { affectedBetween, type SymbolBuild, SymbolBuilder } from "./symbol-builds.ts";

const FILES = {
  "go.mod": "module example.com/journal\n\ngo 1.24\n",
  "journal.go":
    "package journal\n\n//go:noinline\nfunc Read(n int) int { return n * 3 }\n\n" +
    "//go:noinline\nfunc Write(n int) int { return n * 5 }\n",
  "benchmarks/go.mod":
    "module example.com/bench\n\ngo 1.24\n\nrequire example.com/journal v0.0.0\n\n" +
    "replace example.com/journal => ../\n",
  "benchmarks/journal_test.go":
    'package bench\n\nimport (\n\t"testing"\n\n\t"example.com/journal"\n)\n\n' +
    "func BenchmarkRead(b *testing.B) {\n\tfor b.Loop() {\n\t\tjournal.Read(b.N)\n\t}\n}\n\n" +
    "func BenchmarkWrite(b *testing.B) {\n\tfor b.Loop() {\n\t\tjournal.Write(b.N)\n\t}\n}\n",
};

const rootDir = mkdtempSync(join(tmpdir(), "tailguard-modules-"));
const builder = new SymbolBuilder();
let base: SymbolBuild;

async function build(dir: string): Promise<SymbolBuild> {
  const [built] = await builder.build(dir, ["."], "benchmarks");
  if (built === undefined) throw new Error("nothing was built");
  return built;
}

beforeAll(async () => {
  mkdirSync(join(rootDir, "base", "benchmarks"), { recursive: true });
  for (const [path, text] of Object.entries(FILES))
    writeFileSync(join(rootDir, "base", path), text);
  await builder.open("local", join(rootDir, "base"));
  base = await build(join(rootDir, "base"));
});
afterAll(async () => {
  await builder.close();
  rmSync(rootDir, { recursive: true, force: true });
});

test("the compiler's text is of both modules, the benchmarks' own first", () => {
  expect(base.target.linkedModules).toEqual(["example.com/bench", "example.com/journal"]);
  expect(base.symbols.names).toContain("example.com/journal.Read");
});

test("a change of the other module reaches the benchmarks that call it, and no other", async () => {
  const head = join(rootDir, "head");
  cpSync(join(rootDir, "base"), head, { recursive: true });
  writeFileSync(join(head, "journal.go"), FILES["journal.go"].replace("n * 5", "n * 7"));
  const { reasons, reached } = affectedBetween(base, await build(head), [
    { path: "journal.go", status: "modified" },
  ]);
  expect([...reasons]).toEqual([["BenchmarkWrite", "BenchmarkWrite → journal.Write changed"]]);
  expect(reached.get("BenchmarkWrite")?.called).toEqual(["example.com/journal.Write"]);
});
