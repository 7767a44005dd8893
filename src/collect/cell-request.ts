// What every step of a cell's collection is given.
import type { SourceEvidence } from "../evidence/evidence.ts";
import type { Progress } from "../evidence/progress.ts";
import type { CellPlan, Plan } from "../plan/plan.ts";
import type { Random } from "../stats/random.ts";
import type { Checkout } from "./check-out.ts";
import type { Sandbox } from "./sandbox.ts";

export type CellRequest = {
  readonly plan: Plan;
  readonly cell: CellPlan;
  readonly checkout: Checkout;
  readonly random: Random;
  readonly budgetSeconds: number;
  readonly outDir: string;
  readonly cacheDir: string;
  /** undefined: commands run directly on this machine. */
  readonly sandbox: Sandbox | undefined;
  /** Memory that the run may reckon with. */
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Told what changed in the source, before anything is built; nothing is read for nobody. */
  readonly onRead?: ((source: SourceEvidence) => void) | undefined;
  /** Told once both sides are built, before anything runs. */
  readonly onBuilt: (source: SourceEvidence) => void;
};
