// The part of report.json that needs no clock: what changed in the source, what the compiler decides
// otherwise, which conversions through unsafe.Pointer broke.
import { z } from "zod";

const sourcePlace = {
  package: z.string(),
  function: z.string().describe('as the runtime names it within its package: "(*Parser).skip"'),
  file: z.string(),
  line: z.number().int().nonnegative(),
};

export const sourceSchema = z.object({
  changes: z.array(
    z.object({
      ...sourcePlace,
      previousName: z.string().optional().describe("its name on base where that is another"),
      declaration: z.enum(["func", "type", "var", "const"]),
      change: z.enum(["changed", "added", "removed", "signature"]),
      side: z.enum(["base", "head"]),
      texts: z.array(z.string()).describe("what changed in it, most telling first"),
    }),
  ),
  decisions: z
    .array(
      z.object({
        ...sourcePlace,
        decision: z.enum(["inlining", "inlined-call", "escape", "bounds-check"]),
        direction: z.enum(["worse", "better"]),
        base: z.string().describe("the compiler's words; empty when it said nothing"),
        head: z.string(),
        side: z.enum(["base", "head"]),
        changed: z.boolean().describe("whether the function's own source changed"),
        // Reports of older versions have neither.
        benchmarks: z
          .array(z.string())
          .default([])
          .describe("the first that reach it by calls alone"),
        benchmarkCount: z.number().int().nonnegative().default(0),
      }),
    )
    .describe("what the compiler decides otherwise; what costs first"),
  bridges: z
    .array(
      z.object({
        ...sourcePlace,
        rule: z.literal("SemanticBridgeBroken"),
        problem: z.enum([
          "uintptr-to-pointer",
          "string-as-slice",
          "header-by-hand",
          "lost-step",
          "checkptr",
        ]),
        text: z.string(),
        frames: z
          .array(z.object({ function: z.string(), file: z.string(), line: z.number() }))
          .optional()
          .describe("where -d=checkptr=2 ended the run, innermost first"),
      }),
    )
    .describe("conversions through unsafe.Pointer that head breaks and base did not"),
  left: z
    .object({ changes: z.number(), decisions: z.number(), bridges: z.number() })
    .describe("how many more there are of each"),
});
/** What source and compiler say by themselves, whether or not a benchmark ran. */
export type ReportSource = z.infer<typeof sourceSchema>;
