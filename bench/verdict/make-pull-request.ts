// A large pull request as the runner would leave it: the evidence of 500 benchmarks x 30 pairs in 20
// packages, a tenth of them slower, and the same log-ratios for the peer.
import type { Evidence, PackageEvidence } from "../../src/evidence/evidence.ts";
import type { BenchmarkRecord, Manifest, Side } from "../../src/evidence/manifest.ts";
import { formatProcess } from "../../src/evidence/pair-text.ts";
import { flip, nextFloat, type Random, seededRandom } from "../../src/stats/random.ts";

export const BENCHMARKS = 500;
export const PAIRS = 30;
const PACKAGES = 20;
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TIMES = ["p10-ns/op", "p50-ns/op", "p99-ns/op", "cpu-ns/op", "ns/op"] as const;
/** Spread of a process's value of each, as measured on a shared machine. */
const SPREADS = [0.01, 0.02, 0.15, 0.04, 0.08] as const;

export function makePullRequest(seed: number): Evidence {
  const random = seededRandom(seed);
  const packages: PackageEvidence[] = [];
  const benchmarks: BenchmarkRecord[] = [];
  for (let at = 0; at < PACKAGES; at++) {
    const importPath = `example.com/m/p${at}`;
    const texts = { base: "", head: "" };
    for (let index = 0; index < BENCHMARKS / PACKAGES; index++) {
      const name = `BenchmarkWork/n=${index}`;
      benchmarks.push({
        cell: "default",
        package: importPath,
        name,
        status: "measured",
        reason: "",
        pairs: PAIRS,
        stopped: "cap",
      });
      const factor = index % 10 === 0 ? 1.08 : 1;
      for (let pair = 0; pair < PAIRS; pair++) {
        const shared = { pair, phase: "explore", layout: pair % 12 } as const;
        const first: Side = flip(random) ? "base" : "head";
        const usage = { wallSec: 0.05, cpuSec: 0.048, involuntarySwitches: 3 };
        texts.base += formatProcess({ ...shared, first, ...usage }, [result(random, name, 1)]);
        texts.head += formatProcess({ ...shared, first, ...usage }, [result(random, name, factor)]);
      }
    }
    packages.push({
      record: {
        cell: "default",
        importPath,
        dir: `p${at}`,
        files: { baseBench: `p${at}-base.txt`, headBench: `p${at}-head.txt` },
      },
      baseBench: texts.base,
      headBench: texts.head,
      baseCompiler: "",
      headCompiler: "",
    });
  }
  return { manifest: manifestOf(packages, benchmarks), diff: "", packages, profiles: [] };
}

function result(random: Random, name: string, factor: number) {
  const values = TIMES.map((unit, at) => {
    const spread = (nextFloat(random) + nextFloat(random) + nextFloat(random) - 1.5) * 2;
    const value = 1000 * (1 + at / 10) * factor * Math.exp(spread * (SPREADS[at] as number));
    return { value: Number(value.toPrecision(6)), unit };
  });
  const counts = [
    { value: 48, unit: "B/op" },
    { value: 2, unit: "allocs/op" },
  ];
  return { name: `${name}-2`, iterations: 20_000, values: [...values, ...counts] };
}

function manifestOf(
  packages: readonly PackageEvidence[],
  benchmarks: readonly BenchmarkRecord[],
): Manifest {
  return {
    schema: "tailguard.evidence/1",
    tailguard: "bench",
    plan: {
      schema: "tailguard.plan/1",
      source: { kind: "local", repositoryDir: "/m" },
      trust: "trusted",
      base: COMMIT,
      head: COMMIT,
      packages: ["./..."],
      benchPattern: ".",
      budgetSeconds: 600,
      seed: 1,
      cells: [{ id: "default", go: "local", env: {} }],
      changedFiles: [],
    },
    outcome: { kind: "collected" },
    cells: [{ id: "default", go: "go1.26.8", env: {}, gomaxprocs: 2, layoutSeeds: 12 }],
    packages: packages.map(({ record }) => record),
    benchmarks: [...benchmarks],
    profiles: [],
    machine: { cpu: "", cores: 2, os: "linux", load1: 0, sandbox: "none", warnings: [] },
    seconds: { checkout: 0, build: 0, measure: 0 },
    degraded: [],
  };
}
