// Runs repository code: one command after the other, through the probe's launcher process.
//
// The launcher (probe/launch.go) stands inside the sandbox when there is one. It measures CPU time,
// bounds output and time, and kills whatever a command leaves behind, also when this process dies:
// its stdin closes then.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { type SandboxMounts, sandboxArgv } from "./sandbox.ts";

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
};

/** Node's strings from base64 stay below its 512 MiB limit by the request's own bounds. */
const answerSchema = z.object({
  id: z.number(),
  outcome: z.enum(["exited", "timeout", "output-limit", "start-failed"]),
  exitCode: z.number().int(),
  signal: z.string(),
  error: z.string(),
  stdout: z.string().nullable(),
  stderr: z.string().nullable(),
  /** Whether stderr was longer than its file may be. */
  stderrDropped: z.boolean(),
  wallSeconds: z.number().nonnegative(),
  cpuSeconds: z.number().nonnegative(),
  involuntarySwitches: z.number().int().nonnegative(),
  maxRssBytes: z.number().int().nonnegative(),
  stragglers: z.number().int().nonnegative(),
});

export type LaunchResult = Omit<z.infer<typeof answerSchema>, "id" | "stdout" | "stderr"> & {
  readonly stdout: string;
  /** The same before it was read as text, for commands that print a file. */
  readonly stdoutBytes: Uint8Array;
  readonly stderr: string;
};

/** Whether the command ran to its own end and said all was well. */
export function hasSucceeded(result: LaunchResult): boolean {
  return result.outcome === "exited" && result.exitCode === 0;
}

/** A launcher process; close it when its work is done. */
export class Launcher {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #stderr = "";
  #nextId = 1;

  /** Starts it inside the sandbox, or directly on the host when `mounts` is undefined. */
  constructor(probePath: string, mounts: SandboxMounts | undefined, signal: AbortSignal) {
    const prefix: string[] =
      mounts === undefined
        ? []
        : sandboxArgv({ ...mounts, readOnly: [...mounts.readOnly, probePath] });
    const argv = [...prefix, probePath, "launch"];
    this.#child = spawn(argv[0] ?? probePath, argv.slice(1), {
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", () => resolve());
      this.#child.once("error", (error) => {
        this.#stderr += error.message;
        resolve();
      });
    });
    this.#child.stdin?.on("error", () => undefined); // Shown by the missing answer instead.
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString("utf8")).slice(-4000);
    });
    const lines = createInterface({ input: this.#child.stdout ?? process.stdin });
    this.#lines = lines[Symbol.asyncIterator]();
    const onAbort = () => this.#child.stdin?.end();
    signal.addEventListener("abort", onAbort, { once: true });
    void this.#ended.then(() => signal.removeEventListener("abort", onAbort));
  }

  /** Runs one command to its end. Throws only when the launcher itself is gone. */
  async run(request: LaunchRequest): Promise<LaunchResult> {
    const id = this.#nextId++;
    const env = Object.entries(request.env).map(([key, value]) => `${key}=${value}`);
    this.#child.stdin?.write(`${JSON.stringify({ ...request, id, env })}\n`);
    const line = await this.#lines.next();
    if (line.done === true) {
      await this.#ended;
      throw new Error(`the launcher ended without an answer: ${this.#stderr.trim()}`);
    }
    const answer = answerSchema.parse(JSON.parse(line.value));
    if (answer.id !== id) throw new Error("the launcher answered another request");
    const stdoutBytes = fromBase64(answer.stdout);
    return {
      ...answer,
      stdout: stdoutBytes.toString("utf8"),
      stdoutBytes,
      stderr: fromBase64(answer.stderr).toString("utf8"),
    };
  }

  /** Ends the launcher and whatever it runs, and waits until it is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
  }
}

function fromBase64(text: string | null): Buffer {
  return Buffer.from(text ?? "", "base64");
}
