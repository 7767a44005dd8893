// The real go command and the real probe, for recording and for slow tests.
import { execFile, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 256 << 20;
const ENV = { ...process.env, GOFLAGS: "", GOWORK: "off", GOPROXY: "off" };

export const PROBE_DIR = fileURLToPath(new URL("../../../probe", import.meta.url));

export async function goVersion(): Promise<string> {
  return (await run("go", ["env", "GOVERSION"])).stdout.trim();
}

/** Path of a fresh probe in `dir`. */
export async function buildProbe(dir: string): Promise<string> {
  const path = join(dir, "probe");
  await run("go", ["build", "-o", path, "."], { cwd: PROBE_DIR, env: ENV });
  return path;
}

/** The -m=2 text of the root package's test build, with the flags of src/collect/build.ts. */
export async function compilerText(moduleDir: string, scratchDir: string): Promise<string> {
  const flags = ["-vet=off", "-trimpath", "-buildvcs=false", "-gcflags=example.com/...=-m=2"];
  const argv = ["test", "-c", ...flags, "-o", join(scratchDir, "x.test"), "."];
  const options = { cwd: moduleDir, env: ENV, maxBuffer: MAX_OUTPUT_BYTES };
  return (await run("go", argv, options)).stderr;
}

/** What `probe syntax` answers about these files. */
export async function probeSyntax(
  probe: string,
  root: string,
  files: readonly string[],
): Promise<unknown> {
  const child = spawn(probe, ["syntax", "-root", root], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(files.join("\n"));
  let text = "";
  child.stdout.setEncoding("utf8");
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}

/** The probe's answer about all Go files below a folder. */
export async function readSyntax(probe: string, root: string): Promise<unknown> {
  const files = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".go"));
  return probeSyntax(probe, root, files.sort());
}
