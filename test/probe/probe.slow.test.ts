// The probe with the Go of this machine: its own tests, and that what it prints is what
// src/goast/syntax.ts reads.
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { syntaxSchema } from "../../src/goast/syntax.ts";
import { buildProbe, PROBE_DIR, probeSyntax, readSyntax } from "../analyze/compiler/go-tools.ts";

const run = promisify(execFile);
let scratch = "";
let probe = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "tailguard-probe-"));
  probe = await buildProbe(scratch);
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

test("the probe's own tests pass, its source is formatted and vetted", async () => {
  expect((await run("gofmt", ["-l", PROBE_DIR])).stdout).toBe("");
  await run("go", ["vet", "./..."], { cwd: PROBE_DIR });
  const { stdout } = await run("go", ["test", "./..."], { cwd: PROBE_DIR });
  expect(stdout).toContain("ok");
});

test("its answer about its own source fits the schema", async () => {
  const syntax = syntaxSchema.parse(await readSyntax(probe, PROBE_DIR));
  const main = syntax.files.find((file) => file.path === "main.go");
  expect(main?.package).toBe("main");
  expect(main?.declarations.map((d) => `${d.kind} ${d.name}`)).toContain("func run");
  expect(syntax.files.flatMap((file) => file.problems)).toEqual([]);
});

test("hostile files and paths fit the schema and are named", async () => {
  const dir = await mkdtemp(join(scratch, "hostile-"));
  const files: Record<string, string | Buffer> = {
    "nul.go": "package p\0",
    "utf8.go": Buffer.from("package p\nvar a\xff = 1\nfunc ok() {}\n", "latin1"),
    "deep.go": `package p\nvar a = ${"(".repeat(200_000)}`,
    "errors.go": `package p\n${"]\n".repeat(100_000)}`,
    "name.go": `package ${"p".repeat(3000)}\nvar ${"a".repeat(3000)} int`,
    "line.go": `package p\nvar a = "${"x".repeat(10 << 20)}"`,
    "bom.go": "\uFEFFpackage p\nfunc f() {}\n",
    "\u{1F600}.go": "package p",
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  await symlink("/etc/passwd", join(dir, "link.go"));
  const paths = [
    ...Object.keys(files),
    "link.go",
    "../x.go",
    "missing.go",
    `${"d/".repeat(900)}x.go`,
  ];
  const syntax = syntaxSchema.parse(await probeSyntax(probe, dir, paths));
  expect(syntax.files.length).toBe(paths.length);
  const clean = syntax.files.filter((file) => file.problems.length === 0).map((file) => file.path);
  expect(clean).toEqual(["bom.go", "\u{1F600}.go"]);
  const line = syntax.files.find((file) => file.path === "line.go");
  expect(line?.problems).toEqual(["1:1: not read: larger than 8 MiB"]);
});
