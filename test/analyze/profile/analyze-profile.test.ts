import { describe, expect, test } from "vitest";
import { analyzeProfile } from "../../../src/analyze/profile/analyze-profile.ts";
import type { ProfileEvidence } from "../../../src/evidence/evidence.ts";
import type { PackageRecord, Side } from "../../../src/evidence/manifest.ts";
import { type TextProfileOptions, textProfileBytes } from "../../text-profile.ts";

const BENCHMARK = { cell: "default", package: "example.com/m", name: "BenchmarkParse" };
const OPERATIONS = 1_000_000;

function taken(side: Side, bytes: Uint8Array, operations = OPERATIONS): ProfileEvidence {
  const { cell, package: importPath, name: benchmark } = BENCHMARK;
  const file = `profiles/${side}.pb.gz`;
  return {
    record: { cell, package: importPath, benchmark, side, kind: "cpu", run: 0, operations, file },
    bytes,
  };
}

function drawn(side: Side, text: string, options?: TextProfileOptions): ProfileEvidence {
  return taken(side, textProfileBytes(text, options));
}

function packageAt(importPath: string, dir: string): PackageRecord {
  return { cell: "default", importPath, dir, files: {} };
}

function analyze(profiles: readonly ProfileEvidence[], records: readonly PackageRecord[] = []) {
  const texts = { baseBench: "", headBench: "", baseCompiler: "", headCompiler: "" };
  return analyzeProfile({ packages: records.map((record) => ({ record, ...texts })), profiles });
}

/** One line a finding: "function flat base>head cum base>head", or the stack from leaf to root. */
/** Findings without the functions that only stand there, considerable and unmoved. */
function moved(profiles: readonly ProfileEvidence[]) {
  return analyze(profiles).findings.flatMap((finding) =>
    finding.kind === "stack" || (finding.kind === "function-share" && finding.moved)
      ? [finding]
      : [],
  );
}

function told(profiles: readonly ProfileEvidence[]): string[] {
  const percent = (share: number) => (100 * share).toFixed(0);
  return moved(profiles).map((finding) =>
    finding.kind === "stack"
      ? `${percent(finding.baseShare)}>${percent(finding.headShare)} ${finding.frames
          .map((frame) => `${frame.function}:${frame.line}`)
          .join(" < ")}`
      : `${finding.function} flat ${percent(finding.baseFlat)}>${percent(finding.headFlat)} cum ${percent(finding.baseCum)}>${percent(finding.headCum)}`,
  );
}

function reasons(profiles: readonly ProfileEvidence[]): string[] {
  return analyze(profiles).degraded.map(({ strategy, reason }) => `${strategy}: ${reason}`);
}

const BASE = `
  #                     400                   300                   300
  m.skip:7              m.number:5            .
  m.Parse:20            m.Parse:22            m.Parse:21
  m.BenchmarkParse:3    m.BenchmarkParse:3    m.BenchmarkParse:3
  testing.(*B).runN:9   testing.(*B).runN:9   testing.(*B).runN:9
`;

/** BASE, and an allocation of 40 % of its cost in Parse. */
const ALLOCATES = `
  #                     400                   300                   300                   100                 300
  .                     .                     .                     runtime.memclr:1      runtime.nextFree:4
  .                     .                     .                     runtime.mallocgc:2    runtime.mallocgc:3
  m.skip:7              m.number:5            .                     runtime.newobject:9   runtime.newobject:9
  m.Parse:20            m.Parse:22            m.Parse:21            m.Parse:30            m.Parse:30
  m.BenchmarkParse:3    m.BenchmarkParse:3    m.BenchmarkParse:3    m.BenchmarkParse:3    m.BenchmarkParse:3
  testing.(*B).runN:9   testing.(*B).runN:9   testing.(*B).runN:9   testing.(*B).runN:9   testing.(*B).runN:9
`;

describe("what moved", () => {
  test("a new allocation is found with its path; what did not change is not told", () => {
    expect(told([drawn("base", BASE), drawn("head", ALLOCATES)])).toMatchInlineSnapshot(`
      [
        "runtime.mallocgc flat 0>0 cum 0>29",
        "runtime.newobject flat 0>0 cum 0>29",
        "runtime.nextFree flat 0>21 cum 0>21",
        "runtime.memclr flat 0>7 cum 0>7",
        "0>21 runtime.nextFree:4 < runtime.mallocgc:3 < runtime.newobject:9 < m.Parse:30 < m.BenchmarkParse:3",
        "0>7 runtime.memclr:1 < runtime.mallocgc:2 < runtime.newobject:9 < m.Parse:30 < m.BenchmarkParse:3",
      ]
    `);
  });

  test("a considerable function is there although it did not move", () => {
    const [parse] = analyze([drawn("base", BASE), drawn("head", BASE)]).findings;
    expect(parse).toMatchObject({ kind: "function-share", moved: false, costChange: 0 });
  });

  test("the other way round the path is that of what got cheaper", () => {
    const lines = told([drawn("base", ALLOCATES), drawn("head", BASE)]);
    expect(lines.at(-2)).toBe(
      "21>0 runtime.nextFree:4 < runtime.mallocgc:3 < runtime.newobject:9 < m.Parse:30 < m.BenchmarkParse:3",
    );
  });

  test("equal profiles give nothing", () => {
    const equal = [drawn("base", BASE), drawn("head", BASE)];
    expect(moved(equal)).toEqual([]);
    expect(analyze(equal).degraded).toEqual([]);
  });

  test("a machine at half the speed gives nothing: all parts cost twice", () => {
    const slow = taken("head", textProfileBytes(BASE), OPERATIONS / 2);
    expect(moved([drawn("base", BASE), slow])).toEqual([]);
  });

  test("a function that grew by itself ends the path, though a call below grew a little", () => {
    const base = `
      #                1000              100
      .                m.white:2
      m.skip:7         m.skip:8
      m.Bench:3        m.Bench:3
    `;
    const head = base.replace("1000", "1600").replace(" 100", " 180");
    expect(told([drawn("base", base), drawn("head", head)]).at(-1)).toBe(
      "91>90 m.skip:7 < m.Bench:3",
    );
  });

  test("the collector's worker has no benchmark frame and is a root of its own", () => {
    const base = `
      #          900     100
      .          runtime.scanobject:4
      .          runtime.gcDrain:5
      m.Parse    runtime.systemstack:6
      m.Bench    runtime.gcBgMarkWorker:7
    `;
    const head = base.replace("100", "500");
    expect(told([drawn("base", base), drawn("head", head)]).at(-1)).toBe(
      "10>36 runtime.scanobject:4 < runtime.gcDrain:5 < runtime.systemstack:6 < runtime.gcBgMarkWorker:7",
    );
  });
});

describe("whose cost it is", () => {
  test("stacks of the harness do not count", () => {
    const harness = `
      #                     900                   600                  50
      .                     runtime.gcStart       .
      m.skip                runtime.GC            runtime.main
      m.Bench               testing.(*B).runN     .
      testing.(*B).runN     testing.(*B).launch   .
    `;
    const only = "# 900 \n m.skip \n m.Bench";
    expect(told([drawn("base", only), drawn("head", harness)])).toEqual([]);
  });

  test("a body given to RunParallel is a root", () => {
    const text = (count: number) => `
      #                               800                              ${count}
      m.skip:1                        m.lock:2
      m.BenchmarkParse.func1:5        m.BenchmarkParse.func1:6
      testing.(*B).RunParallel.func1  testing.(*B).RunParallel.func1
    `;
    expect(told([drawn("base", text(10)), drawn("head", text(400))]).at(-1)).toBe(
      "1>33 m.lock:2 < m.BenchmarkParse.func1:6",
    );
  });
});

describe("what is the same function", () => {
  test("closures with other numbers and instances of a generic", () => {
    const base = "# 600 400 \n m.Map[...].func1 m.(*List[...]).Push \n m.Bench m.Bench";
    const head =
      "# 600 400 \n m.Map[go.shape.int].func2 m.(*List[go.shape.int]).Push \n m.Bench m.Bench";
    expect(told([drawn("base", base), drawn("head", head)])).toEqual([]);
  });

  test("profiles of one side are added up", () => {
    const half = "# 250 250 \n m.skip m.number \n m.Bench m.Bench";
    const twice = [drawn("base", half), drawn("base", half)];
    const head = "# 500 1400 \n m.skip m.number \n m.Bench m.Bench";
    const one = taken("head", textProfileBytes(head), 2 * OPERATIONS);
    const share = analyze([...twice, one]).findings[0];
    expect(share).toMatchObject({ function: "m.number", baseSamples: 1000, headSamples: 1900 });
  });
});

describe("places", () => {
  const FILE = "# 200 800 \n m.skip m.number \n m.Bench m.Bench";
  const profiles = [drawn("base", FILE), drawn("head", FILE.replace("200", "900"))];

  test.each([
    ["m", ".", "file.go"],
    ["m", "backend", "backend/file.go"],
    ["other.com/x", ".", "m/file.go"],
  ])("a file of package %s in folder %s stands at %s", (importPath, dir, expected) => {
    const { findings } = analyze(profiles, [packageAt(importPath, dir)]);
    const files = findings.map((finding) => finding.kind === "function-share" && finding.file);
    expect(files).toContain(expected);
  });
});

describe("what could not be looked at", () => {
  const good = drawn("base", BASE);
  test.each<readonly [string, readonly ProfileEvidence[], string]>([
    ["empty", [good, taken("head", new Uint8Array())], "head: not readable: it is empty"],
    [
      "cut",
      [good, taken("head", textProfileBytes(BASE).slice(0, 90))],
      "head: not readable: it was cut: the field at byte 82 is not complete",
    ],
    ["missing", [good], "head: there is none"],
    [
      "of memory",
      [good, drawn("head", BASE, { sampleTypes: ["alloc_objects/count", "alloc_space/bytes"] })],
      'head: not a profile of cpu: it has no values "samples" or no period',
    ],
    [
      "with negative counts",
      [good, drawn("head", "# -5 \n m.F")],
      "head: not a profile of cpu: it has negative counts",
    ],
    [
      "of nothing",
      [good, drawn("head", "testing.(*B).launch")],
      "head: it holds no samples of the benchmark",
    ],
    [
      "thin",
      [good, drawn("head", "# 40 \n m.Parse")],
      "head: 40 samples show large moves only; at least 100 are wanted",
    ],
  ])("a profile that is %s", (_, profiles, reason) => {
    expect(reasons(profiles)).toEqual([
      `profile: CPU profile of example.com/m BenchmarkParse, ${reason}`,
    ]);
  });

  test("one damaged profile of two is named, and the other one used", () => {
    const damaged = taken("head", new Uint8Array([1]));
    const result = analyze([good, damaged, drawn("head", ALLOCATES)]);
    expect(result.degraded).toHaveLength(1);
    expect(result.findings.length).toBeGreaterThan(0);
  });

  test("profiles of many samples are compared, but for names; one of locks has less room", () => {
    // One stack 160,001 times: a message may say a field again, and eight bytes are a sample.
    const many = (side: Side, text: string, options?: TextProfileOptions) => {
      const one = textProfileBytes(text, options);
      const sample = [0x12, 6, 0x0a, 1, 1, 0x12, 1, 1];
      const samples = Buffer.alloc(160_000 * sample.length, Buffer.from(sample));
      return taken(side, Buffer.concat([one, samples]));
    };
    const cpu = { sampleTypes: ["samples/count"] };
    const [base, head] = ["m.skip", "m.skipSpace"].map((name) => `# 1 \n ${name} \n m.Parse`);
    const large = [many("base", base ?? "", cpu), many("head", head ?? "", cpu)];
    expect(reasons(large)).toEqual([
      "profile: CPU profile of example.com/m BenchmarkParse, both sides: too large to look for functions that have another name or place",
    ]);
    expect(told(large)).toContain("m.skip flat 100>0 cum 100>0");
    const locks = large.map((profile) => ({
      ...profile,
      record: { ...profile.record, kind: "mutex" as const },
      bytes: many(profile.record.side, base ?? "", { sampleTypes: ["delay/nanoseconds"] }).bytes,
    }));
    expect(reasons(locks).at(-1)).toContain(
      "the profiles of this benchmark together hold more than 300000 samples",
    );
  });

  test("no profiles at all is no loss: nothing was suspect", () => {
    expect(analyze([])).toEqual({ findings: [], degraded: [] });
  });
});
