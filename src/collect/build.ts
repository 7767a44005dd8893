// Builds the test binaries of one side: the bytes that are measured are the bytes that are analyzed.
//
// One compile gives the binary, the compiler's -m=2 text, its bounds checks and its symbols (-S).
// Base and head are built with the very same flags, because since Go 1.24 test binaries carry them.
// Further layouts only relink (-ldflags=-randlayout=N shuffles the order of functions), which costs
// a fraction of a second; Go replays all texts then, and they are thrown away unseen.
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
  /** Overlay with recorded loops; undefined builds the code as it is. */
  readonly overlayPath: string | undefined;
  /** A new file for what the compiler prints; undefined throws it away. */
  readonly textPath: string | undefined;
  /** Checks every conversion through unsafe.Pointer at run time; such a binary is never timed. */
  readonly checksPointers?: true;
};

export type BuildResult = {
  readonly kind: "built" | "failed";
  readonly seconds: number;
  /** Whether all of the compiler's text is in the file. */
  readonly isTextWhole: boolean;
  /** For people: how a failed build ended, without the compiler's text. */
  readonly ending: string;
};

/** All of the standard library prints 105 MB of -S text; a module has several times as much. */
const MAX_TEXT_BYTES = 512 << 20;
/** The first build of a toolchain compiles the standard library: 40 s on two cores. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
/** Enough of a failing build's log for a person. */
const SHOWN_LOG_CHARS = 8_000;

const TEXT_FLAGS = "-m=2 -d=ssa/check_bce/debug=1 -S";
/** 2 also keeps what such a conversion takes the address of on the heap, where it can be checked. */
const POINTER_FLAGS = "-d=checkptr=2";

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
      ...target.linkedModules.flatMap((path) =>
        request.checksPointers
          ? [`-gcflags=${path}/...=${POINTER_FLAGS}`]
          : [`-gcflags=${path}/...=${TEXT_FLAGS}`, `-asmflags=${path}/...=-S`],
      ),
      ...layout,
      ...(request.overlayPath === undefined ? [] : [`-overlay=${request.overlayPath}`]),
      "-o",
      request.binaryPath,
      target.importPath,
    ],
    dir: join(request.rootDir, target.moduleDir),
    env: { ...toolchain.env, HOME: "/tmp", TMPDIR: "/tmp", GOPROXY: "off", GOSUMDB: "off" },
    timeoutMs: BUILD_TIMEOUT_MS,
    maxStdoutBytes: 1 << 20,
    maxStderrBytes: MAX_TEXT_BYTES,
    stderrPath: request.textPath ?? "/dev/null",
  });
  const isBuilt = hasSucceeded(result) && (await isFile(request.binaryPath));
  return {
    kind: isBuilt ? "built" : "failed",
    seconds: result.wallSeconds,
    isTextWhole: !result.stderrDropped,
    ending: isBuilt ? "" : endingOf(result),
  };
}

function endingOf(result: LaunchResult): string {
  if (result.outcome === "exited") return result.stdout;
  const why = result.error === "" ? "" : `: ${result.error}`;
  return `the build was ended (${result.outcome})${why}\n${result.stdout}`;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

/** What a person needs of a failed build: the errors, without the optimizer's notes. */
export function failureLog(ending: string, text: string): string {
  const lines = text.split("\n").filter((line) => !isOptimizerNote(line));
  return (ending + lines.join("\n").trim()).slice(0, SHOWN_LOG_CHARS);
}

const OPTIMIZER_NOTE =
  /: (can inline|cannot inline|inlining call|devirtualizing|leaking param|moved to heap|mark inlined|ignoring self-assignment|zero-copy|[^:]* (escapes to heap|does not escape)|parameter .* leaks| {2,}(flow|from))|^\s+(flow|from)|: Found Is/;

function isOptimizerNote(line: string): boolean {
  return OPTIMIZER_NOTE.test(line);
}
