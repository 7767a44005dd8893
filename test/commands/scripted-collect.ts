// A collector that runs no Go: it writes the smallest real bundle, at the moment a test says so.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CollectFn } from "../../src/commands/runner.ts";
import { type Manifest, manifestSchema } from "../../src/evidence/manifest.ts";
import type { Plan } from "../../src/plan/plan.ts";

type Options = Parameters<CollectFn>[1];

/** One call of the collector; it waits until the test ends it. */
export type Collecting = {
  readonly plan: Plan;
  readonly options: Options;
  /** Writes the bundle, as `write` does it, and returns. */
  succeed(write?: (plan: Plan, dir: string) => Promise<void>): void;
  fail(error: Error): void;
};

export type ScriptedCollect = {
  readonly collect: CollectFn;
  /** The next call, as soon as it comes; calls are given out in their order. */
  next(): Promise<Collecting>;
};

export function createScriptedCollect(): ScriptedCollect {
  const calls: Collecting[] = [];
  const waiting: ((call: Collecting) => void)[] = [];
  const collect: CollectFn = (plan, options) =>
    new Promise((resolve, reject) => {
      options.signal.addEventListener("abort", () => reject(options.signal.reason));
      const call: Collecting = {
        plan,
        options,
        succeed: (write = writeBundle) => void write(plan, options.outDir).then(resolve, reject),
        fail: reject,
      };
      const first = waiting.shift();
      if (first === undefined) calls.push(call);
      else first(call);
    });
  const next = () =>
    new Promise<Collecting>((resolve) => {
      const call = calls.shift();
      if (call === undefined) waiting.push(resolve);
      else resolve(call);
    });
  return { collect, next };
}

/** A bundle of a change that reaches no benchmark. */
export async function writeBundle(plan: Plan, dir: string): Promise<void> {
  const manifest: Manifest = {
    schema: "tailguard.evidence/1",
    tailguard: "0.0.0",
    plan,
    outcome: { kind: "nothing-to-measure", reason: "no benchmark reaches the change" },
    cells: [],
    packages: [],
    benchmarks: [],
    profiles: [],
    diff: "files/diff.patch",
    machine: { cpu: "none", cores: 1, os: "linux", load1: 0, sandbox: "none", warnings: [] },
    seconds: { checkout: 0, build: 0, measure: 0 },
    degraded: [],
  };
  await mkdir(join(dir, "files"), { recursive: true });
  await writeFile(join(dir, "files", "diff.patch"), "");
  await writeFile(join(dir, "manifest.json"), JSON.stringify(manifestSchema.parse(manifest)));
}
