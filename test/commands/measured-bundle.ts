// A bundle in which one benchmark was measured: ten pairs, head slower by a given part.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Manifest, manifestSchema } from "../../src/evidence/manifest.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { evidenceOf } from "../analyze/latency/measured.ts";

/** Writes it for `plan`; head takes `change` more time, `control` says that nothing reached it. */
export function measuredBundle(
  change: number,
  more: { readonly control?: true } = {},
): (plan: Plan, dir: string) => Promise<void> {
  const rows = Array.from({ length: 10 }, (_, index) => {
    const base = 1000 + (index % 3);
    return { printed: { "ns/op": [[base], [base * (1 + change) + (index % 2)]] as const } };
  });
  const { manifest, packages } = evidenceOf(rows, { stopped: "cap", ...more });
  return async (plan, dir) => {
    const files = new Map<string, string>([["files/diff.patch", ""]]);
    const placed = packages.map(({ record, baseBench, headBench }) => {
      files.set("files/base.txt", baseBench).set("files/head.txt", headBench);
      const bench = { baseBench: "files/base.txt", headBench: "files/head.txt" };
      return { ...record, files: bench };
    });
    const whole: Manifest = { ...manifest, plan, packages: placed, diff: "files/diff.patch" };
    files.set("manifest.json", JSON.stringify(manifestSchema.parse(whole)));
    for (const [path, text] of files) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), text);
    }
  };
}
