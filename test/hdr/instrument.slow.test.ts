// The recorder in real builds: every loop form, exact allocations, known distributions.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseBenchmarks } from "../../src/bench/parse.ts";
import { quantile } from "../../src/hdr/histogram.ts";
import { latencyAt, mainLoop } from "../../src/hdr/latency.ts";
import { type BenchmarkRecord, parseRecords } from "../../src/hdr/record.ts";

const GO = process.env.TAILGUARD_TEST_GO ?? "go";
const PROBE = fileURLToPath(new URL("../../probe/", import.meta.url));
const MODULES = fileURLToPath(new URL("../testdata/go/instrument/", import.meta.url));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "tailguard-instrument-"));
  go(PROBE, "build", "-o", join(dir, "probe"), ".");
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function go(cwd: string, ...args: string[]): string {
  const env = { ...process.env, GOFLAGS: "", GOWORK: "off", GOTOOLCHAIN: "local" };
  return execFileSync(GO, args, { cwd, env, encoding: "utf8" });
}

type Built = { readonly plain: string; readonly recorded: string; readonly cwd: string };

/** Builds a package of a test module twice. */
function build(module: string, packageDir = "."): Built {
  const root = join(MODULES, module);
  const out = mkdtempSync(join(dir, `${module}-`));
  const answer = JSON.parse(
    execFileSync(
      join(dir, "probe"),
      ["instrument", "-root", root, "-module-path", `example.com/${module}`, "-out", out],
      { input: `${packageDir}\n`, encoding: "utf8" },
    ),
  );
  const flags = ["test", "-c", "-vet=off", "-trimpath", "-buildvcs=false", "-mod=readonly"];
  const built = { plain: join(out, "plain"), recorded: join(out, "rec"), cwd: root };
  go(root, ...flags, "-o", built.plain, `./${packageDir}`);
  go(root, ...flags, "-overlay", answer.overlay, "-o", built.recorded, `./${packageDir}`);
  return built;
}

type Run = { readonly text: string; readonly records: readonly BenchmarkRecord[] };

function run(built: Built, of: "plain" | "recorded", ...args: string[]): Run {
  const file = join(mkdtempSync(join(dir, "run-")), "records.jsonl");
  const text = execFileSync(built[of], ["-test.run=^$", "-test.benchmem", ...args], {
    cwd: built.cwd,
    env: { ...process.env, TAILGUARD_RECORD: file },
    encoding: "utf8",
  });
  if (!existsSync(file)) return { text, records: [] };
  const { records, problems } = parseRecords(readFileSync(file, "utf8"));
  expect(problems).toEqual([]);
  return { text, records };
}

test("every loop form is recorded operation by operation", () => {
  const built = build("forms");
  const n = 3000;
  const { text, records } = run(built, "recorded", "-test.bench=.", `-test.benchtime=${n}x`);
  const printed = parseBenchmarks(text).results.map((result) => result.name.replace(/-\d+$/, ""));
  const recorded = new Map(records.filter((one) => one.n === n).map((one) => [one.benchmark, one]));
  // testing escapes the newline in the printed name and in b.Name() alike.
  const missing = printed.filter((name) => (recorded.get(name)?.loops.length ?? 0) === 0);
  expect(missing).toEqual(["BenchmarkGoto", "BenchmarkUnnamed"]);
  const iterations: Record<string, number> = {
    BenchmarkHalf: n / 2,
    BenchmarkStepped: n,
    BenchmarkGoroutines: 2 * n,
  };
  for (const [name, record] of recorded) {
    const loop = mainLoop(record);
    // Left by return, the last interval is never seen; others are whole.
    if (loop === undefined || name === "BenchmarkForever") continue;
    expect([name, loop.operations]).toEqual([name, iterations[name] ?? n]);
    expect(record.elapsedNs).toBeGreaterThan(0);
    if (name !== "BenchmarkManyGoroutines") expect(record.unrecorded).toBe(0);
  }
  const prepared = recorded.get("BenchmarkPrepared");
  expect(prepared?.loops.map((loop) => loop.site)).toEqual(["BenchmarkPrepared#2"]);
});

test("HdrHistogram's own reader takes what the recorder writes", () => {
  const built = build("forms", "shapes");
  const file = join(mkdtempSync(join(dir, "run-")), "records.jsonl");
  execFileSync(built.recorded, ["-test.run=^$", "-test.bench=.", "-test.benchtime=20000x"], {
    cwd: built.cwd,
    env: { ...process.env, TAILGUARD_RECORD: file },
  });
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const { records } = parseRecords(lines.join("\n"));
  for (const [at, line] of lines.entries()) {
    for (const [number, loop] of JSON.parse(line).loops.entries()) {
      const ours = records[at]!.loops[number]!.batches;
      const peer = decodeFromCompressedBase64(loop.batches);
      expect(peer.totalCount).toBe(ours.totalCount);
      expect(Math.abs(peer.getValueAtPercentile(50) / quantile(ours, 0.5) - 1)).toBeLessThan(2e-3);
    }
  }
});

/**
 * The least B/op and allocs/op of each benchmark over some processes: the runtime's own goroutines
 * allocate now and then while a timer runs, in both binaries.
 */
function leastAllocations(built: Built, of: "plain" | "recorded", benchTime: string) {
  const least = new Map<string, number[]>();
  for (let process = 0; process < 4; process++) {
    const { text } = run(
      built,
      of,
      "-test.bench=.",
      "-test.count=3",
      `-test.benchtime=${benchTime}`,
    );
    for (const { name, values } of parseBenchmarks(text).results) {
      const got = ["B/op", "allocs/op"].map(
        (unit) => values.find((value) => value.unit === unit)?.value ?? Number.NaN,
      );
      const before = least.get(name) ?? got;
      least.set(
        name,
        got.map((value, at) => Math.min(value, before[at] as number)),
      );
    }
  }
  return Object.fromEntries(least);
}

test.each(["1x", "3x", "1000x"])("allocations are those of the plain binary at %s", (benchTime) => {
  const built = build("allocations");
  const plain = leastAllocations(built, "plain", benchTime);
  expect(Object.keys(plain).length).toBeGreaterThan(8);
  const { [Object.keys(plain).find((name) => name.includes("Parallel"))!]: _, ...exact } = plain;
  expect(leastAllocations(built, "recorded", benchTime)).toMatchObject(exact);
});

test("the oldest go line still builds", () => {
  const { records } = run(build("old"), "recorded", "-test.bench=.", "-test.benchtime=1000x");
  expect(mainLoop(records.at(-1)!)?.operations).toBe(1000);
});

// One operation in a hundred takes ten times as long. Location within 10 % of the unit's own,
// slow ones where they belong. The machine adds slow operations (preemption), never fast ones: so
// the least of several runs is compared, and the share of slow ones has room above.
// Neighbors can still slow a whole run down, so the best of five attempts is held to the bounds: a
// recorder that is wrong is wrong in each of them.
test.each(["Mixture", "Periodic"])(
  "a known distribution is recovered: %s",
  { retry: 4 },
  (kind) => {
    const built = build("mixtures");
    for (const [steps, n] of [
      [150, 200_000],
      [1500, 40_000],
      [15_000, 3000],
    ] as const) {
      const args = [`-test.benchtime=${n}x`, "-test.count=3"];
      const at = (name: string, p: number) => {
        const pattern = `-test.bench=^Benchmark${name}$/^steps=${steps}$`;
        const { records } = run(built, "recorded", pattern, ...args);
        const loops = records.filter((one) => one.n === n).map((one) => mainLoop(one)!);
        return Math.min(...loops.map((loop) => latencyAt(loop, p)?.valueNs ?? Number.NaN));
      };
      const unit = at("Unit", 0.5);
      expect(Math.abs(at(kind, 0.5) / unit - 1)).toBeLessThan(0.1);
      expect(Math.abs(at(kind, 0.9) / unit - 1)).toBeLessThan(0.15);
      // 0.5 % lie beyond the 99.5th of 1 % slow ones.
      expect(at(kind, 0.995) / unit).toBeGreaterThan(7);
      expect(at(kind, 0.995) / unit).toBeLessThan(13);
      // And 97 % are not slow.
      expect(at(kind, 0.97) / unit).toBeLessThan(1.5);
    }
  },
);
