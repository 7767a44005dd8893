// One launcher process (probe/launch.go), usually inside a sandbox.
//
// Requests and answers travel over descriptor 3, a socket: what is started inside has neither that
// nor the launcher's standard output, and Linux opens no sockets through /proc.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Duplex } from "node:stream";

const CONTROL = 3;
/** Beside the command's own time: to remove its files before, to kill and read it afterwards. */
const GRACE_MS = 30_000;
/** A launcher that was told to end and did not is killed. */
const END_MS = 10_000;

/** A running launcher; close it when its work is done. */
export class LauncherProcess {
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<void>;
  #stderr = "";

  private constructor(argv: readonly string[]) {
    const [program = "", ...args] = argv;
    this.#child = spawn(program, args, {
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
      stdio: ["ignore", "ignore", "pipe", "pipe"],
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", () => resolve());
      this.#child.once("error", (error) => {
        this.#stderr += error.message;
        resolve();
      });
    });
    const control = this.#child.stdio[CONTROL];
    this.#control = control instanceof Duplex ? control : new Duplex();
    this.#control.on("error", () => undefined); // Shown by the missing answer instead.
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString("utf8")).slice(-4000);
    });
    this.#lines = createInterface({ input: this.#control })[Symbol.asyncIterator]();
  }

  /** Starts one and waits until it is ready. Throws with its words when it does not get there. */
  static async start(argv: readonly string[], settings: unknown): Promise<LauncherProcess> {
    const launcher = new LauncherProcess(argv);
    launcher.#control.write(`${JSON.stringify(settings)}\n`);
    const line = await launcher.#lines.next();
    if (line.done !== true) return launcher;
    await launcher.#ended;
    throw new Error(`the launcher does not start: ${launcher.#stderr.trim()}`);
  }

  /**
   * Sends a request and gives the line that answers it; undefined when the launcher is lost: it
   * ended, or said nothing long after the request's own time.
   */
  async ask(request: { readonly timeoutMs: number }): Promise<string | undefined> {
    this.#control.write(`${JSON.stringify(request)}\n`);
    const stuck = setTimeout(() => this.#kill(), request.timeoutMs + GRACE_MS);
    try {
      const line = await this.#lines.next();
      return line.done === true ? undefined : line.value;
    } finally {
      clearTimeout(stuck);
    }
  }

  /** Ends it and whatever it runs, and waits until it is gone. */
  async close(): Promise<void> {
    this.#control.end();
    const stuck = setTimeout(() => this.#kill(), END_MS);
    await this.#ended;
    clearTimeout(stuck);
  }

  /** The launcher dies with bubblewrap, and all that it started with it. */
  #kill(): void {
    this.#child.kill("SIGKILL");
    this.#control.destroy();
  }
}
