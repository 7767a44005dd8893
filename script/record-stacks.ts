// Records the call stacks that similarity is trained and measured on: public modules, their own
// benchmarks, profiled. Only names of functions are kept, in bench/similarity/stacks.json.gz.
//
//   npx tsx script/record-stacks.ts [--go PATH] [--packages 3]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { goEnvironment } from "../bench/binaries.ts";
import {
  benchmarkPackages,
  fetchModule,
  PUBLIC_MODULES,
  type PublicModule,
} from "../bench/public-modules.ts";
import { type RecordedModule, STACKS_FILE } from "../bench/similarity/stack-set.ts";
import { decodeProfile } from "../src/pprof/decode.ts";
import { mergeStacks, type Stack, stacksOf } from "../src/pprof/stacks.ts";

const { values } = parseArgs({
  options: {
    go: { type: "string", default: "go" },
    packages: { type: "string", default: "3" },
  },
});

/** Besides those the other measurements use. */
const MODULES: readonly PublicModule[] = [
  ...PUBLIC_MODULES,
  { path: "github.com/rs/zerolog", version: "v1.33.0" },
  { path: "go.uber.org/zap", version: "v1.27.0" },
  { path: "github.com/gorilla/mux", version: "v1.8.1" },
];
/** Frames from the leaf that are kept; the embedding reads 16. */
const FRAMES_KEPT = 20;
/** The heaviest stacks of a module. The modules then need 34 KB. */
const STACKS_KEPT = 500;
/** A profile takes 100 samples a second; short benchmarks give every one of them some. */
const BENCH_TIME = "100ms";

function record(dir: string, packages: readonly string[]): Stack[] {
  const stacks: Stack[] = [];
  for (const name of packages) {
    const file = join(dir, "cpu.pprof");
    const tested = ["-run=^$", "-bench=.", `-benchtime=${BENCH_TIME}`, "-timeout=60s"];
    spawnSync(values.go, ["test", ...tested, "-cpuprofile", file, name], {
      cwd: dir,
      env: { ...goEnvironment(), GOFLAGS: "-mod=mod" },
      stdio: "ignore",
    });
    if (!existsSync(file)) continue;
    const decoded = decodeProfile(gunzipSync(readFileSync(file)));
    if (decoded.kind !== "damaged") stacks.push(...stacksOf([decoded.profile], 0));
    rmSync(file);
  }
  return stacks;
}

const work = mkdtempSync(join(tmpdir(), "tailguard-stacks-"));
try {
  const ids = new Map<string, number>();
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? ids.size;
    ids.set(name, id);
    return id;
  };
  const modules: RecordedModule[] = [];
  for (const module of MODULES) {
    const dir = fetchModule(values.go, module, work);
    const packages = benchmarkPackages(dir).slice(0, Number(values.packages));
    const cut = record(dir, packages).map(({ frames, value }) => ({
      frames: frames.slice(0, FRAMES_KEPT),
      value,
    }));
    const merged = mergeStacks(cut, (frame) => frame.function.name)
      .sort((one, other) => other.value - one.value)
      .slice(0, STACKS_KEPT);
    const stacks = merged.map(({ frames }) => frames.map((frame) => idOf(frame.function.name)));
    // Benchmarks in a folder with a go.mod of its own do not run as packages of this module.
    if (stacks.length === 0) continue;
    modules.push({ ...module, stacks });
    console.log(`${module.path}@${module.version}: ${stacks.length} stacks`);
  }
  const toolchain = execFileSync(values.go, ["version"], { encoding: "utf8" }).trim();
  const recorded = { toolchain, benchTime: BENCH_TIME, modules, names: [...ids.keys()] };
  const bytes = gzipSync(JSON.stringify(recorded), { level: 9 });
  writeFileSync(STACKS_FILE, bytes);
  console.log(`${STACKS_FILE}: ${bytes.length} bytes`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
