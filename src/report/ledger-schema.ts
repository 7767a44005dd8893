// The part of report.json that says where the CPU time of a benchmark went (tailguard.report/1).
import { z } from "zod";

const amountSchema = z.object({
  baseNs: z.number().describe("nanoseconds of CPU per operation"),
  headNs: z.number(),
  changeNs: z.number(),
  lowNs: z.number().nullable().describe("null with one profile a side"),
  highNs: z.number().nullable(),
});

const movedCodeSchema = z.object({
  how: z
    .enum(["renamed", "extracted", "inlined", "wrapped", "unwrapped"])
    .describe(
      "renamed: base is gone, head stands for it; extracted: head is new and was part of base; inlined: base is gone and is part of head; wrapped: head is new and stands between base and its callers; unwrapped: base stood between head and its callers",
    ),
  base: z.string().describe("full name of the function on base"),
  head: z.string(),
  baseNs: z.number().describe("CPU per operation of both together, other functions aside"),
  headNs: z.number(),
  change: z.enum(["slower", "faster", "same"]).describe("same: it moved, and no change was shown"),
});
export type ReportMovedCode = z.infer<typeof movedCodeSchema>;

export const ledgerSchema = z.object({
  level: z.number().describe("confidence of lowNs and highNs"),
  profiles: z.number().int().positive().describe("CPU profiles a side, the fewer of both"),
  measured: amountSchema
    .optional()
    .describe("as the pairs measured it; absent where the benchmark's CPU time could not be"),
  rows: z.array(
    amountSchema.extend({
      kind: z
        .enum([
          "changed",
          "moved",
          "allocation",
          "gc",
          "lock",
          "scheduler",
          "syscall",
          "other",
          "unexplained",
        ])
        .describe("the rows of all kinds add up to what was measured"),
      functions: z
        .array(z.object({ function: z.string(), changeNs: z.number() }))
        .describe("on whose account it is, largest change first"),
    }),
  ),
  movedCode: z
    .array(movedCodeSchema)
    .optional()
    .describe(
      "code that a refactoring gave another name or place, costliest first; absent where none was found",
    ),
  isBalanced: z
    .boolean()
    .optional()
    .describe("whether what is unexplained is within the errors of both measurements"),
});
export type ReportLedger = z.infer<typeof ledgerSchema>;
