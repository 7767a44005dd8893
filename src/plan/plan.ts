// The plan: everything the runner needs to collect evidence, and nothing it must not know.
// It crosses the HTTP border to the runner and is kept in the evidence, so it is a schema.
// No token is ever part of it.
import { z } from "zod";
import { EXTRA_PROFILES } from "./extra-profile.ts";

const SHA = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "a full commit id");

/** A file that differs between base and head; paths are relative to the repository's root. */
export const changedFileSchema = z.object({
  path: z.string().min(1),
  /** Set for renames: the path on the base side. */
  previousPath: z.string().min(1).optional(),
  status: z.enum(["added", "modified", "removed", "renamed"]),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** One toolchain in one environment. `go` is "local" or a version such as "1.26.8", or a path. */
export const cellPlanSchema = z.object({
  id: z.string().min(1).max(100),
  go: z.string().min(1),
  env: z.record(z.string(), z.string()),
});
export type CellPlan = z.infer<typeof cellPlanSchema>;

export const planSchema = z.object({
  schema: z.literal("tailguard.plan/1"),
  /** Where the code comes from: a directory on this machine, or a URL to clone. */
  source: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("local"), repositoryDir: z.string().min(1) }),
    z.object({ kind: z.literal("remote"), cloneUrl: z.url() }),
  ]),
  /** "untrusted" code is never run without a sandbox. */
  trust: z.enum(["trusted", "untrusted"]),
  base: SHA,
  head: SHA,
  /** Go package patterns relative to the repository's root, as given to `go list`. */
  packages: z.array(z.string().min(1)).min(1),
  /** As `go test -bench`. */
  benchPattern: z.string().min(1),
  /** Patterns of plan/glob.ts that narrow `benchPattern` further; `exclude` wins. */
  benchmarks: z
    .object({
      include: z.array(z.string()).optional(),
      exclude: z.array(z.string()).optional(),
    })
    .optional(),
  /** Wall time for measuring, both sides together. Builds do not count. */
  budgetSeconds: z.number().positive(),
  /** Drives every random choice of the run. */
  seed: z.number().int().nonnegative().max(0xffffffff),
  cells: z.array(cellPlanSchema).min(1),
  changedFiles: z.array(changedFileSchema),
  /**
   * A trial with a known answer (`tailguard calibrate`): every benchmark is measured, whether the
   * change can reach it or not, and head is made to burn this part of its time; 0 for none.
   */
  trial: z.object({ slowHeadBy: z.number().min(0).max(10) }).optional(),
  /** Taken of suspects beside CPU and allocation profiles; absent for none. */
  extraProfiles: z.array(z.enum(EXTRA_PROFILES)).optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** What planning gives: a plan, why there is nothing to measure, or what a person must do first. */
export type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | {
      readonly kind: "skip" | "hold";
      readonly title: string;
      readonly reason: string;
      /** Labels that would let the pull request in. */
      readonly awaits?: readonly string[];
    };
