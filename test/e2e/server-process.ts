// The real server as a process that can be killed: `node dist/main.js server`, its log read line by
// line, so that a test strikes at the moment a line names.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg?: string };

export type ServerProcess = {
  readonly url: string;
  /** Pid of the local runner that was started last. */
  runnerPid(): number;
  /** Resolves when a line with this message was or is written. */
  ever(msg: string): Promise<unknown>;
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Everything it wrote, for the message of a test that fails. */
  readonly output: readonly string[];
};

/** Starts the server and waits until it listens; `onLine` gets every line of its log. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>>,
  onLine: (line: LogLine) => void,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [MAIN, "server"], {
    env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: string[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  let pid = 0;
  const wait = (isWanted: (line: LogLine) => boolean) =>
    new Promise<LogLine>((resolve, reject) => {
      const onExit = () => reject(new Error(`the server ended:\n${output.join("\n")}`));
      const listener = (line: LogLine) => {
        if (!isWanted(line)) return;
        listeners.delete(listener);
        child.off("exit", onExit);
        resolve(line);
      };
      listeners.add(listener);
      child.once("exit", onExit);
    });
  createInterface({ input: child.stdout }).on("line", (text) => {
    output.push(text);
    const line = parse(text);
    if (line.msg === "started the local runner") pid = Number(line.pid);
    onLine(line);
    for (const listener of [...listeners]) listener(line);
  });
  const listening = await wait((line) => line.msg === "listening");
  return {
    url: String(listening.url),
    runnerPid: () => pid,
    ever: async (msg) => {
      if (!output.some((text) => parse(text).msg === msg)) await wait((line) => line.msg === msg);
    },
    kill: () => end(child, "SIGKILL").then(() => {}),
    stop: () => end(child, "SIGTERM"),
    output,
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
  return child.exitCode;
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text };
  }
}
