// Real Go programs that become slower in one way each (test/testdata/go/mechanisms), measured in pairs
// by the runner's own code: the tree must name the way.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { analyzeContext } from "../../../src/analyze/context/analyze-context.ts";
import type { ContextFinding } from "../../../src/analyze/finding.ts";
import { settleToolchain } from "../../../src/collect/go-toolchain.ts";
import { writeOverlay } from "../../../src/collect/instrument.ts";
import { Launcher } from "../../../src/collect/launcher.ts";
import { machineMemoryBytes, processLimits } from "../../../src/collect/limits.ts";
import { buildProbe } from "../../../src/collect/probe.ts";
import type { TestBinary } from "../../../src/collect/run-benchmark.ts";
import { measurePair, startTrack } from "../../../src/collect/track.ts";
import { seededRandom } from "../../../src/stats/random.ts";
import { evidenceOfTexts } from "../latency/measured.ts";

const MODULE = fileURLToPath(new URL("../../testdata/go/mechanisms/", import.meta.url));
const dir = mkdtempSync(join(tmpdir(), "tailguard-mechanisms-"));
const signal = new AbortController().signal;
let launcher: Launcher;

beforeAll(async () => {
  const toolchain = await settleToolchain("local", {}, MODULE);
  const probePath = await buildProbe(toolchain, join(dir, "cache"), signal);
  const target = { modulePath: "example.com/mechanisms", moduleDir: ".", dir: "." };
  const side = { rootDir: MODULE, outDir: join(dir, "overlay"), target, without: [] };
  const overlay = await writeOverlay(probePath, side, signal);
  if (overlay.kind === "failed") throw new Error(overlay.reason);
  const flags = ["-c", "-vet=off", "-overlay", overlay.path, "-o", join(dir, "recorded")];
  execFileSync("go", ["test", ...flags, "."], { cwd: MODULE });
  launcher = new Launcher({
    probePath,
    limits: processLimits(machineMemoryBytes()),
    inside: undefined,
    signal,
  });
});
afterAll(async () => {
  await launcher.close();
  rmSync(dir, { recursive: true, force: true });
});

function binary(changed: string): TestBinary {
  return {
    path: join(dir, "recorded"),
    dir,
    env: { PATH: "/usr/bin:/bin", GOMAXPROCS: "2", MECHANISMS_CHANGED: changed },
    gomaxprocs: 2,
    recordPath: join(dir, `record${changed}.jsonl`),
  };
}

/** Enough for a signed-rank test to be sure. */
const CONFIRMING = 10;
const ATTEMPTS = 3;

function isOfCollections(name: string): boolean {
  return /Collections|LiveHeap/.test(name);
}

async function measure(name: string): Promise<ContextFinding | undefined> {
  const benchmark = {
    package: "example.com/m",
    name,
    base: [binary("")],
    head: [binary("1")],
    layoutSeeds: [0],
    isRecorded: true,
    secondsPerOperation: 5e-5,
    slowestSecondsPerOperation: 5e-5,
  };
  const track = startTrack(benchmark, 1);
  const options = {
    launchers: { base: launcher, head: launcher },
    random: seededRandom(1),
    signal,
  };
  await measurePair(track, "explore", options);
  // Less than a run takes, where not a few collections make the difference.
  const part = isOfCollections(name) ? 1 : 3;
  track.size = { iterations: Math.ceil(track.size.iterations / part), batches: 1 };
  for (let pair = 0; pair < CONFIRMING; pair++) await measurePair(track, "confirm", options);
  expect(track.failure).toBe("");
  const evidence = evidenceOfTexts(track.baseText, track.headText, { name });
  const [finding] = analyzeContext(evidence).findings;
  return finding;
}

test.each([
  ["BenchmarkStarved", "starved"],
  ["BenchmarkForcedCollections", "forced-collections"],
  ["BenchmarkBlockedGoroutines", "blocked-goroutines"],
  ["BenchmarkLeftGoroutines", "left-goroutines"],
  ["BenchmarkAssist", "assist"],
  ["BenchmarkAllocation", "allocation"],
  ["BenchmarkFrequentCollections", "frequent-collections"],
  ["BenchmarkLiveHeap", "live-heap"],
  ["BenchmarkLock", "lock"],
  ["BenchmarkRunnable", "runnable"],
  ["BenchmarkNewGoroutines", "new-goroutines"],
  ["BenchmarkWaiting", "waiting"],
  ["BenchmarkSystemCalls", "system-calls"],
  ["BenchmarkHandoffs", "handoffs"],
  ["BenchmarkCompute", "compute"],
])("%s is named %s", async (name, mechanism) => {
  // Neighbors disturb one measurement or another; a tree that is wrong is wrong in each of them.
  let found = "";
  for (let attempt = 0; attempt < ATTEMPTS && found !== mechanism; attempt++) {
    const finding = await measure(name);
    found = `${finding?.mechanism}${finding?.direction === "less" ? " less" : ""}`;
  }
  expect(found).toBe(mechanism);
});
