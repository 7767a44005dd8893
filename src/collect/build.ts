// Builds the test binaries of one side: the bytes that are measured are the bytes that are analyzed.
//
// One compile gives the binary and the compiler's `-m=2` text. Base and head are built with the very
// same flags, because since Go 1.24 test binaries carry them. Further layouts only relink
// (-ldflags=-randlayout=N shuffles the order of functions), which costs a fraction of a second.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { BenchmarkPackage } from "./go-packages.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { hasSucceeded, type Launcher, type LaunchResult } from "./launcher.ts";

export type BuildRequest = {
  readonly toolchain: Toolchain;
  readonly rootDir: string;
  readonly target: BenchmarkPackage;
  /** undefined: the linker's own order; else the seed that shuffles it. */
  readonly layoutSeed: number | undefined;
  readonly binaryPath: string;
};

export type BuildResult =
  | { readonly kind: "built"; readonly optimizations: string; readonly seconds: number }
  | { readonly kind: "failed"; readonly log: string };

/** A module with a thousand packages prints about 100 MB of -m=2 text. */
const MAX_LOG_BYTES = 192 << 20;
/** The first build of a toolchain compiles the standard library: 40 s on two cores. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
/** Enough of a failing build's log for a person. */
const SHOWN_LOG_CHARS = 8_000;

/** Compiles and links the test binary of a package. */
export async function buildTestBinary(
  launcher: Launcher,
  request: BuildRequest,
): Promise<BuildResult> {
  const { toolchain, target } = request;
  const layout =
    request.layoutSeed === undefined ? [] : [`-ldflags=-randlayout=${request.layoutSeed}`];
  const result = await launcher.run({
    argv: [
      toolchain.goPath,
      "test",
      "-c",
      "-trimpath",
      "-buildvcs=false",
      "-vet=off",
      ...target.moduleFlags,
      `-gcflags=${target.modulePath}/...=-m=2`,
      ...layout,
      "-o",
      request.binaryPath,
      target.importPath,
    ],
    dir: join(request.rootDir, target.moduleDir),
    env: { ...toolchain.env, HOME: "/tmp", TMPDIR: "/tmp", GOPROXY: "off", GOSUMDB: "off" },
    timeoutMs: BUILD_TIMEOUT_MS,
    maxStdoutBytes: 1 << 20,
    maxStderrBytes: MAX_LOG_BYTES,
  });
  if (hasSucceeded(result) && (await isFile(request.binaryPath))) {
    return { kind: "built", optimizations: result.stderr, seconds: result.wallSeconds };
  }
  return { kind: "failed", log: failureLog(result) };
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** What a person needs of a failed build: the errors, without the optimizer's notes. */
export function failureLog(result: LaunchResult): string {
  const how = result.outcome === "exited" ? "" : `the build ended by ${result.outcome}\n`;
  const lines = (result.stdout + result.stderr)
    .split("\n")
    .filter((line) => !isOptimizerNote(line));
  return (how + lines.join("\n").trim()).slice(0, SHOWN_LOG_CHARS);
}

const OPTIMIZER_NOTE =
  /: (can inline|cannot inline|inlining call|devirtualizing|leaking param|moved to heap|mark inlined|ignoring self-assignment|zero-copy|[^:]* (escapes to heap|does not escape)|parameter .* leaks| {2,}(flow|from))|^\s+(flow|from)|: Found Is/;

function isOptimizerNote(line: string): boolean {
  return OPTIMIZER_NOTE.test(line);
}
