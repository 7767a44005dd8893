// What commands that measure on this machine have in common: where runs live, how they are
// interrupted, how progress is shown.
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { collect } from "../collect/collect.ts";
import { readEvidence } from "../collect/read-evidence.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { Progress } from "../evidence/progress.ts";
import type { Plan } from "../plan/plan.ts";
import { terminalProgress } from "./terminal-progress.ts";

/** Five minutes: what a person waits for beside a test run. */
export const DEFAULT_BUDGET_SECONDS = 300;

export type LocalRun = {
  /** Carries out a plan; its evidence is kept in `evidenceDir`, or nowhere. */
  collect(plan: Plan, evidenceDir?: string): Promise<Evidence>;
  /** Takes the progress off the screen. */
  clear(): void;
};

export type LocalRunOptions = {
  readonly useSandbox: boolean;
  /** Put before the text of each step. */
  readonly label?: () => string;
};

/** Does `work`; Ctrl-C ends what is being collected, and every temporary folder goes. */
export async function runLocally<T>(
  { useSandbox, label = () => "" }: LocalRunOptions,
  work: (run: LocalRun) => Promise<T>,
): Promise<T> {
  const scratchDir = await mkdtemp(join(tmpdir(), "tailguard-"));
  const ending = new AbortController();
  const end = () => ending.abort(new Error("interrupted"));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const progress = terminalProgress(process.stderr);
  const show = (step: Progress) => progress.show({ ...step, text: `${label()}${step.text}` });
  try {
    return await work({
      collect: async (plan, evidenceDir = join(scratchDir, "evidence")) => {
        await collect(plan, {
          outDir: evidenceDir,
          workDir: workDir(),
          signal: ending.signal,
          onProgress: show,
          sandbox: useSandbox ? "preferred" : "off",
        });
        return readEvidence(evidenceDir);
      },
      clear: progress.clear,
    });
  } finally {
    progress.clear();
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
    await rm(scratchDir, { recursive: true, force: true });
  }
}

/** Caches and run folders of this user; the place follows the XDG base directory specification. */
function workDir(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tailguard");
}
