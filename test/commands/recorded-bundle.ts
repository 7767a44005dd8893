// A bundle that was measured once and kept (test/testdata/evidence): what a report says of real
// numbers, without the minutes that measuring takes.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifestSchema } from "../../src/evidence/manifest.ts";
import type { Plan } from "../../src/plan/plan.ts";

export type Recorded = "regression" | "improvement" | "harmless" | "cannot-tell";

export const recordedEvidence = (name: Recorded): string =>
  new URL(`../testdata/evidence/${name}`, import.meta.url).pathname;

/** For `Collecting.succeed`: the kept bundle, as the answer to `plan`. */
export function recordedBundle(name: Recorded): (plan: Plan, dir: string) => Promise<void> {
  return async (plan, dir) => {
    const from = recordedEvidence(name);
    await cp(from, dir, { recursive: true });
    const manifest = manifestSchema.parse(
      JSON.parse(await readFile(join(from, "manifest.json"), "utf8")),
    );
    await writeFile(join(dir, "manifest.json"), JSON.stringify({ ...manifest, plan }));
  };
}
