// The list of cases an evaluation runs over: real changes of Go repositories with known effects.
import { readFileSync } from "node:fs";
import { z } from "zod";

const caseSchema = z.object({
  id: z.string().regex(/^[\w.-]+$/),
  /** owner/name; its clone is looked for as CLONES/owner+name or CLONES/owner+name/repo. */
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  base: z.string(),
  head: z.string(),
  /** Folder of the package. */
  dir: z.string(),
  /** Benchmarks that show the effect, without "Benchmark". */
  benchmarks: z.array(z.string()),
  expect: z.enum(["regressed", "improved", "same", "mixed"]),
  /** Functions that truly did it; any of them first counts as right. */
  causes: z.array(z.object({ file: z.string(), function: z.string() })),
});
export type Case = z.infer<typeof caseSchema>;

/** Reads the cases; throws with the place of the first one that is not well formed. */
export function readCases(path: string): Case[] {
  return z.array(caseSchema).parse(JSON.parse(readFileSync(path, "utf8")));
}
