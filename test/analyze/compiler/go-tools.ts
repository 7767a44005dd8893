// The real go command and the real probe, for recording and for slow tests.
import { execFile, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Syntax, syntaxLineSchema } from "../../../src/goast/syntax.ts";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 256 << 20;
const ENV = {
  ...process.env,
  GOFLAGS: "",
  GOWORK: "off",
  GOPROXY: "off",
  GOTOOLCHAIN: "local",
};

export const PROBE_DIR = fileURLToPath(new URL("../../../probe", import.meta.url));

export async function goVersion(): Promise<string> {
  return (await run("go", ["env", "GOVERSION"])).stdout.trim();
}

/** Path of a fresh probe in `dir`. */
export async function buildProbe(dir: string, go = "go"): Promise<string> {
  const path = join(dir, "probe");
  await run(go, ["build", "-o", path, "."], { cwd: PROBE_DIR, env: ENV });
  return path;
}

/** Go commands of other versions that the module cache holds unpacked, by "1.24". */
export async function otherGos(): Promise<ReadonlyMap<string, string>> {
  const cache = (await run("go", ["env", "GOMODCACHE"])).stdout.trim();
  const dir = join(cache, "golang.org");
  const names = await readdir(dir).catch(() => []);
  return new Map(
    names.sort().flatMap((name) => {
      const version = /^toolchain@v0\.0\.1-go(\d+\.\d+)[^-]*\./.exec(name)?.[1];
      return version === undefined ? [] : [[version, join(dir, name, "bin", "go")] as const];
    }),
  );
}

/** The -m=2 text of the root package's test build, with the flags of src/collect/build.ts. */
export async function compilerText(
  moduleDir: string,
  scratchDir: string,
  go = "go",
): Promise<string> {
  const flags = ["-vet=off", "-trimpath", "-buildvcs=false", "-gcflags=example.com/...=-m=2"];
  const argv = ["test", "-c", ...flags, "-o", join(scratchDir, "x.test"), "."];
  const options = { cwd: moduleDir, env: ENV, maxBuffer: MAX_OUTPUT_BYTES };
  return (await run(go, argv, options)).stderr;
}

/** What `probe syntax` answers about these files of one side. */
export async function probeSyntax(
  probe: string,
  root: string,
  files: readonly string[],
): Promise<Syntax> {
  const records = files.map((file) => `head - ${file}\0`).join("");
  return (await askProbe(probe, ["-head", root], records)).head;
}

async function askProbe(probe: string, args: readonly string[], records: string) {
  const child = spawn(probe, ["syntax", ...args], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(records);
  let text = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout) text += chunk;
  const lines = text.split("\n").filter((line) => line !== "");
  const read = lines.map((line) => syntaxLineSchema.parse(JSON.parse(line)));
  const sideOf = (side: "base" | "head"): Syntax => ({
    schema: "tailguard.syntax/1",
    files: read
      .filter((line) => line.side === side)
      .map(({ file }) => file)
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  });
  return { base: sideOf("base"), head: sideOf("head") };
}

/** The probe's answer about all Go files below a folder. */
export async function readSyntax(probe: string, root: string): Promise<Syntax> {
  return probeSyntax(probe, root, await goFilesBelow(root));
}

/** Both sides read together, so that declarations which differ have trees. */
export async function readBothSides(
  probe: string,
  roots: { readonly base: string; readonly head: string },
): Promise<Record<"base" | "head", Syntax>> {
  const records = async (side: "base" | "head") =>
    (await goFilesBelow(roots[side])).map((file) => `${side} - ${file}\0`).join("");
  const args = ["-base", roots.base, "-head", roots.head];
  return askProbe(probe, args, (await records("base")) + (await records("head")));
}

async function goFilesBelow(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true });
  return names.filter((name) => name.endsWith(".go")).sort();
}
