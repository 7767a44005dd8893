// Runs repository code: one command after the other, through the probe's launcher process.
//
// The launcher (probe/launch.go) stands inside the sandbox when there is one. It measures CPU time,
// bounds what commands use, and kills whatever they leave behind, also when this process dies. After
// a command that failed or left much behind, the next one gets a fresh sandbox, so that no
// benchmark spoils the ones after it.
import { z } from "zod";
import { LauncherProcess } from "./launcher-process.ts";
import { LEFT_BYTES, type ProcessLimits } from "./limits.ts";
import { originalOf, type Sandbox, type SandboxMounts, sandboxArgv } from "./sandbox.ts";

export type LauncherSetup = {
  readonly probePath: string;
  readonly limits: ProcessLimits;
  /** undefined runs commands directly on the host. */
  readonly inside: { readonly sandbox: Sandbox; readonly mounts: SandboxMounts } | undefined;
  readonly signal: AbortSignal;
};

export type LaunchRequest = {
  readonly argv: readonly [string, ...string[]];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly maxStdoutBytes: number;
  readonly maxStderrBytes: number;
  /**
   * A new file that takes stderr in place of the answer, or "/dev/null". What is beyond the limit
   * is dropped then, and the command goes on.
   */
  readonly stderrPath?: string;
  /** Files that the command writes: removed before it starts, given back at its end. */
  readonly outputs?: readonly { readonly path: string; readonly maxBytes: number }[];
};

/** Node's strings from base64 stay below its 512 MiB limit by the request's own bounds. */
const answerSchema = z.object({
  id: z.number(),
  outcome: z.enum([
    "exited",
    "timeout",
    "output-limit",
    "memory-limit",
    "task-limit",
    "start-failed",
    /** The launcher itself is gone: only a command that ended it, or the kernel, does that. */
    "lost",
  ]),
  exitCode: z.number().int(),
  signal: z.string(),
  /** For people: more about an outcome that is not "exited". */
  error: z.string(),
  stdout: z.string().nullable(),
  stderr: z.string().nullable(),
  /** In the order of the request; a problem reads on from the file's name. */
  outputs: z.array(z.object({ content: z.string().nullable(), problem: z.string() })),
  /** Whether stderr was longer than its file may be. */
  stderrDropped: z.boolean(),
  wallSeconds: z.number().nonnegative(),
  cpuSeconds: z.number().nonnegative(),
  involuntarySwitches: z.number().int().nonnegative(),
  maxRssBytes: z.number().int().nonnegative(),
  stragglers: z.number().int().nonnegative(),
  /** What is left in the sandbox's folders. */
  leftBytes: z.number().int().nonnegative(),
  /** A folder of the sandbox that had no room left; empty when there was none. */
  fullFolder: z.string(),
});

export type LaunchResult = Omit<
  z.infer<typeof answerSchema>,
  "id" | "stdout" | "stderr" | "outputs"
> & {
  readonly stdout: string;
  /** The same before it was read as text, for commands that print a file. */
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
  /** Each file's bytes, or what is wrong with it. */
  readonly outputs: readonly (Uint8Array | string)[];
};

/** Whether the command ran to its own end and said all was well. */
export function hasSucceeded(result: LaunchResult): boolean {
  return result.outcome === "exited" && result.exitCode === 0;
}

/** Runs commands; close it when its work is done. */
export class Launcher {
  readonly #setup: LauncherSetup;
  readonly #onAbort = () => void this.close();
  #process: LauncherProcess | undefined;
  #nextId = 1;

  constructor(setup: LauncherSetup) {
    this.#setup = setup;
    setup.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Runs one command to its end. Throws only when no launcher can be started. */
  async run(request: LaunchRequest): Promise<LaunchResult> {
    const wasUsed = this.#process !== undefined;
    const first = await this.#runOnce(request);
    // What an earlier command did to the sandbox must not be this one's failure.
    return first.outcome === "start-failed" && wasUsed ? await this.#runOnce(request) : first;
  }

  /** Ends the launcher and whatever it runs, and waits until it is gone. */
  async close(): Promise<void> {
    this.#setup.signal.removeEventListener("abort", this.#onAbort);
    const running = this.#process;
    this.#process = undefined;
    await running?.close();
  }

  async #runOnce(request: LaunchRequest): Promise<LaunchResult> {
    const { signal } = this.#setup;
    signal.throwIfAborted();
    const launcher = this.#process ?? (await this.#start());
    if (signal.aborted) await this.close(); // It came while the launcher started.
    signal.throwIfAborted();
    const id = this.#nextId++;
    const env = Object.entries(request.env).map(([key, value]) => `${key}=${value}`);
    const line = await launcher.ask({ ...request, id, env } as { timeoutMs: number });
    const result = line === undefined ? lost : readAnswer(line, id);
    if (!hasSucceeded(result) || result.leftBytes > LEFT_BYTES) {
      if (this.#process === launcher) this.#process = undefined;
      await launcher.close();
    }
    return result;
  }

  async #start(): Promise<LauncherProcess> {
    const { probePath, limits, inside } = this.#setup;
    const mounts = inside?.mounts;
    const prefix =
      inside === undefined
        ? []
        : sandboxArgv(inside.sandbox, {
            ...inside.mounts,
            readOnly: [...inside.mounts.readOnly, probePath],
          });
    const copied = mounts?.copied.map(({ path }) => path) ?? [];
    const temporary = mounts?.temporary.map(({ path }) => path) ?? [];
    this.#process = await LauncherProcess.start([...prefix, probePath, "launch"], {
      limits,
      copies: copied.map((path) => ({ from: originalOf(path), to: path })),
      folders: inside?.sandbox.limitsFolders ? [...copied, ...temporary, "/dev/shm"] : [],
    });
    return this.#process;
  }
}

function readAnswer(line: string, id: number): LaunchResult {
  const answer = answerSchema.parse(JSON.parse(line));
  if (answer.id !== id) throw new Error("the launcher answered another request");
  const stdoutBytes = fromBase64(answer.stdout);
  return {
    ...answer,
    stdout: stdoutBytes.toString("utf8"),
    stdoutBytes,
    stderr: fromBase64(answer.stderr).toString("utf8"),
    outputs: answer.outputs.map(({ content, problem }) =>
      problem === "" ? fromBase64(content) : problem,
    ),
  };
}

function fromBase64(text: string | null): Buffer {
  return Buffer.from(text ?? "", "base64");
}

const lost: LaunchResult = {
  outcome: "lost",
  exitCode: -1,
  signal: "",
  error: "",
  stdout: "",
  stdoutBytes: new Uint8Array(),
  stderr: "",
  outputs: [],
  stderrDropped: false,
  wallSeconds: 0,
  cpuSeconds: 0,
  involuntarySwitches: 0,
  maxRssBytes: 0,
  stragglers: 0,
  leftBytes: 0,
  fullFolder: "",
};
