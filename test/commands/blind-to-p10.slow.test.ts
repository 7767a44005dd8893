// Three slow-downs that the steady p10 cannot see by its nature: collections, a lock that is fought
// over, a slow operation in fifty. `tailguard compare` must flag each by CPU time or p99.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { type Report, type ReportBenchmark, reportSchema } from "../../src/report/report-schema.ts";
import { makeGoRepository } from "../go-repository.ts";
import { runTailguard } from "../tailguard.ts";

const WANTED = "ForcedCollections|Lock|Tail";
/** Neighbors on the machine may eat a budget; a rule that is blind is blind each time. */
const ATTEMPTS = 3;

type Run = { readonly report: Report; readonly tags: ReadonlyMap<string, number> };

async function compareSlower(): Promise<Run> {
  const repository = makeGoRepository("mechanisms", {
    edit: (dir) =>
      writeFileSync(join(dir, "variant.go"), "package mechanisms\n\nvar changed = true\n"),
  });
  const out = mkdtempSync(join(tmpdir(), "tailguard-blind-"));
  try {
    const args = ["--repo", repository.dir, "--bench", WANTED, "--budget", "40s", "--out", out];
    const cache = { XDG_CACHE_HOME: join(out, "cache") };
    const { stderr } = await runTailguard(["compare", ...args], cache);
    expect(readdirSync(out), stderr).toContain("report.json");
    const report = reportSchema.parse(JSON.parse(readFileSync(join(out, "report.json"), "utf8")));
    return { report, tags: operationsIn(join(out, "evidence")) };
  } finally {
    repository.remove();
    rmSync(out, { recursive: true, force: true });
  }
}

/** How many operations HdrHistogram's own reader finds in base's log, by tag. */
function operationsIn(evidence: string): Map<string, number> {
  const [file] = readdirSync(evidence, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith("base.latency.hlog"),
  );
  const reader = new HistogramLogReader(readFileSync(join(evidence, file ?? ""), "utf8"), 64);
  const tags = new Map<string, number>();
  for (let next = reader.nextIntervalHistogram(); next != null; ) {
    tags.set(next.tag, next.totalCount);
    next = reader.nextIntervalHistogram();
  }
  return tags;
}

function hasRegressed({ metrics }: ReportBenchmark, names: RegExp): boolean {
  return metrics.some(({ name, decision }) => names.test(name) && decision === "regressed");
}

test("collections, a lock and a tail are flagged, and the mechanism is named", async () => {
  let run = await compareSlower();
  const flagged = ({ report }: Run) =>
    report.benchmarks.filter((at) => hasRegressed(at, /^(cpu|p99)-/)).length;
  for (let attempt = 1; attempt < ATTEMPTS && flagged(run) < 3; attempt++) {
    run = await compareSlower();
  }
  const { report, tags } = run;
  const at = (name: string) => report.benchmarks.find((one) => one.name === `Benchmark${name}`);
  for (const name of WANTED.split("|")) {
    const benchmark = at(name);
    expect(benchmark?.status, benchmark?.reason).toBe("measured");
    expect(hasRegressed(benchmark!, /^(cpu|p99)-/), name).toBe(true);
    const shift = benchmark?.latencyShift;
    expect(shift?.baseOperations).toBe(tags.get(`Benchmark${name}`));
    expect(shift?.points.length).toBeGreaterThan(15);
  }
  expect(hasRegressed(at("Tail")!, /^p[15]0-/)).toBe(false);
  expect(at("ForcedCollections")?.runtime?.mechanism).toBe("forced-collections");
  expect(at("Lock")?.runtime?.mechanism).toBe("lock");
  const kinds = (name: string) =>
    report.causes.filter(({ benchmark }) => benchmark === `Benchmark${name}`).map((c) => c.kind);
  expect(kinds("ForcedCollections")).toContain("gc");
  expect(kinds("Lock")).toContain("lock");
}, 450_000);
