// Runs a trusted tool of this machine (go list, go env, bwrap) to its end, with bounds.
//
// Only for commands that execute nothing from the repository; whatever may do so goes through
// launcher.ts. An own wrapper because every command needs a process group, a time limit and an
// output limit anyway, and a library would hide which of the three ended it.
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export type HostCommand = {
  readonly argv: readonly [string, ...string[]];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly stdin?: string | undefined;
  /** Takes stdout line by line as it comes; `stdout` of the result is empty then. */
  readonly onLine?: ((line: string) => void) | undefined;
};

export type HostResult = {
  /** 0 is success; -1 when the command could not be started or was killed. */
  readonly exitCode: number;
  readonly outcome: "exited" | "timeout" | "output-limit" | "aborted" | "start-failed";
  readonly stdout: string;
  readonly stderr: string;
};

/** 256 MiB: `go list -deps -test` of a repository with thousands of packages stays below. */
const MAX_OUTPUT_BYTES = 256 << 20;

/** Runs the command; never rejects for how it ended, see `outcome`, only with what `onLine` throws. */
export function runHostCommand(command: HostCommand): Promise<HostResult> {
  const [program, ...args] = command.argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: command.dir,
      env: { ...command.env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let outcome: HostResult["outcome"] = "exited";
    let bytes = 0;
    const end = (why: HostResult["outcome"]) => {
      if (outcome === "exited") outcome = why;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_OUTPUT_BYTES) end("output-limit");
        else if (name === "stderr" || command.onLine === undefined) chunks[name].push(chunk);
      });
    }
    const { onLine } = command;
    if (onLine !== undefined) {
      splitLines(child.stdout, (line) => {
        try {
          if (outcome === "exited") onLine(line);
        } catch (error) {
          end("aborted");
          reject(error);
        }
      });
    }
    const timer = setTimeout(() => end("timeout"), command.timeoutMs);
    const onAbort = () => end("aborted");
    command.signal?.addEventListener("abort", onAbort);
    if (command.signal?.aborted) onAbort();
    const settle = (exitCode: number, problem: string) => {
      clearTimeout(timer);
      command.signal?.removeEventListener("abort", onAbort);
      const stderr = Buffer.concat(chunks.stderr).toString("utf8") + problem;
      resolve({ exitCode, outcome, stdout: Buffer.concat(chunks.stdout).toString("utf8"), stderr });
    };
    child.once("error", (error) => {
      outcome = "start-failed";
      settle(-1, error.message);
    });
    child.once("close", (code) => settle(outcome === "exited" ? (code ?? -1) : -1, ""));
    child.stdin.on("error", () => undefined); // The command may end before it has read all.
    child.stdin.end(command.stdin ?? "");
  });
}

/** Lines end with a newline alone, the last one with the stream: readline also looks for others. */
function splitLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder("utf8");
  let begun: string[] = [];
  const take = (text: string) => {
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      onLine([...begun, text.slice(start, end)].join(""));
      begun = [];
      start = end + 1;
    }
    if (start < text.length) begun.push(text.slice(start));
  };
  stream.on("data", (chunk: Buffer) => take(decoder.write(chunk)));
  stream.on("end", () => {
    take(decoder.end());
    if (begun.length > 0) onLine(begun.join(""));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
}
