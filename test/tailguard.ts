// Runs the compiled program as a user does, in a process of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Report, reportSchema } from "../src/report/report-schema.ts";

export const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

export type ProgramResult = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs `tailguard ARGS` to its end. */
export function runTailguard(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** `tailguard compare` in a cache folder of its own; says what was left behind in it. */
export async function compare(
  args: readonly string[],
): Promise<ProgramResult & { report: Report | undefined; leftovers: readonly string[] }> {
  const cache = mkdtempSync(join(tmpdir(), "tailguard-cache-"));
  const out = mkdtempSync(join(tmpdir(), "tailguard-out-"));
  try {
    const result = await runTailguard(["compare", ...args, "--out", out], {
      XDG_CACHE_HOME: cache,
    });
    const leftovers = readdirSync(join(cache, "tailguard")).filter((name) => name !== "cache");
    const text = readdirSync(out).includes("report.json")
      ? readFileSync(join(out, "report.json"), "utf8")
      : undefined;
    const report = text === undefined ? undefined : reportSchema.parse(JSON.parse(text));
    return { ...result, report, leftovers };
  } finally {
    rmSync(cache, { recursive: true, force: true });
    rmSync(out, { recursive: true, force: true });
  }
}
