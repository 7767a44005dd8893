// The runner of a one-machine installation: a child process of the server.
//
// It executes code from pull requests, so it gets a scrubbed environment and one token, made for
// this child alone and forgotten with it. When it dies its run goes back at once (nobody need wait
// for the lease to run out) and it is started again, with growing pauses if it keeps dying. It
// ends by itself when the channel to the server closes, so kill -9 of the server leaves none.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import type { Logger } from "pino";
import { bundlesDir } from "../runner.ts";
import { ownArguments, scrubbedEnvironment } from "./own-command.ts";

/** Runner ids of local children start with it; a restarted server knows them all to be dead. */
export const LOCAL_PREFIX = "local:";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A child that lived this long did not fail at its start. */
const LONG_LIFE_MS = 60_000;
/** Benchmarks are killed and the run is given back meanwhile. */
const STOP_MS = 8_000;

export type LocalRunnerOptions = {
  /** Asked when a child is started. */
  serverUrl(): string;
  readonly workDir: string;
  readonly sandbox: string;
  readonly memoryMib: number | undefined;
  readonly logLevel: string;
  readonly log: Logger;
  /** The child with this runner id has died. */
  onDeath(runner: string): Promise<void>;
};

export type LocalRunner = {
  /** The living child's token and the prefix of its runner id; undefined between two lives. */
  token(): { readonly token: string; readonly prefix: string } | undefined;
  isAlive(runner: string): boolean;
  start(): void;
  stop(): Promise<void>;
};

type Life = {
  readonly child: ChildProcess;
  readonly token: string;
  readonly name: string;
  readonly died: Promise<void>;
};

export function createLocalRunner(options: LocalRunnerOptions): LocalRunner {
  const { log } = options;
  let life: Life | undefined;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  const start = () => {
    const startedMs = performance.now();
    const current = startChild(options);
    life = current;
    log.info({ pid: current.child.pid }, "started the local runner");
    current.died.then(() => {
      life = undefined;
      removeBundles(options);
      if (stopping) return;
      if (performance.now() - startedMs > LONG_LIFE_MS) pauseMs = FIRST_PAUSE_MS;
      log.warn({ pid: current.child.pid, pauseMs }, "the local runner died; starting another");
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      // Where this fails the lease runs out by itself.
      options
        .onDeath(`${LOCAL_PREFIX}${current.name}`)
        .catch((error: unknown) => log.error({ err: error }, "taking its run back"));
    });
  };
  return {
    token: () => (life === undefined ? undefined : { token: life.token, prefix: LOCAL_PREFIX }),
    isAlive: (runner) => runner === `${LOCAL_PREFIX}${life?.name}`,
    start,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      const last = life;
      if (last === undefined) return;
      last.child.kill("SIGTERM");
      const hard = setTimeout(() => last.child.kill("SIGKILL"), STOP_MS);
      await last.died;
      clearTimeout(hard);
    },
  };
}

/** What a child was killed over, or left when the server was; nobody else works in this folder. */
function removeBundles({ workDir }: LocalRunnerOptions): void {
  rmSync(bundlesDir(workDir), { recursive: true, force: true });
}

function startChild(options: LocalRunnerOptions): Life {
  removeBundles(options);
  // Of one length, so that no name is the beginning of another.
  const name = randomBytes(8).toString("hex");
  const token = randomBytes(32).toString("hex");
  const child = spawn(process.execPath, ownArguments(["runner"]), {
    env: scrubbedEnvironment(process.env, {
      TAILGUARD_SERVER: options.serverUrl(),
      TAILGUARD_RUNNER_TOKEN: token,
      TAILGUARD_RUNNER_NAME: name,
      TAILGUARD_WORK_DIR: options.workDir,
      SANDBOX: options.sandbox,
      ...(options.memoryMib === undefined ? {} : { MEMORY_MIB: String(options.memoryMib) }),
      LOG_LEVEL: options.logLevel,
    }),
    // The channel says nothing; that it closes tells the child that the server is gone.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const died = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", (error) => {
      options.log.error({ err: error }, "the local runner could not be started");
      resolve();
    });
  });
  return { child, token, name, died };
}
