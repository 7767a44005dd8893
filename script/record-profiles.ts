// Records the real profiles that our numbers are checked on against `go tool pprof`: benchmarks of
// Go's own packages and of test/testdata/go/profiled, each by two versions of Go, so that every
// profile has one of the same program to be merged with and compared to.
//
//   npx tsx script/record-profiles.ts [--only PATTERN]
//
// The go command fetches the versions that are not there (GOTOOLCHAIN). Profiles are kept as Go
// wrote them; recorded.json says of each how it was made.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { goEnvironment } from "../bench/binaries.ts";
import { PROFILES_DIR, type RecordedProfile } from "../test/pprof/recorded-profiles.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });

const PROFILED = new URL("../test/testdata/go/profiled", import.meta.url).pathname;

/** Larger ones belong to a bench, not to a repository. */
const MAX_BYTES = 30_000;

type Subject = {
  readonly package: string;
  readonly bench: string;
  readonly benchTime: string;
  readonly kinds: readonly RecordedProfile["kind"][];
  /** Bytes allocated between two samples. */
  readonly allocationRate?: number;
  readonly go: readonly [string, string];
};

const SUBJECTS: readonly Subject[] = [
  {
    package: "encoding/json",
    bench: "^Benchmark(CodeEncoder|CodeDecoder|UnmarshalMap)$",
    benchTime: "400ms",
    kinds: ["cpu", "mem"],
    go: ["1.24.13", "1.27.4"],
  },
  {
    package: "sort",
    bench: "^Benchmark(SortString1K|SortFuncStructs|StableInt1K_Slice)$",
    benchTime: "400ms",
    kinds: ["cpu"],
    go: ["1.25.0", "1.26.8"],
  },
  {
    package: "regexp",
    bench: "^Benchmark(ReplaceAll|Compile|MatchClass|FindSubmatch)$",
    benchTime: "300ms",
    kinds: ["cpu", "mem"],
    go: ["1.21.13", "1.26.8"],
  },
  {
    package: "go/parser",
    bench: "^Benchmark(Parse|Resolve)$",
    benchTime: "500ms",
    kinds: ["cpu", "mem"],
    allocationRate: 524_288,
    go: ["1.25.0", "1.27.4"],
  },
  {
    package: "net/http",
    bench: "^BenchmarkClientServerParallel$/^(4|64)$/h1",
    benchTime: "3000x",
    kinds: ["cpu", "mem", "mutex", "block"],
    go: ["1.24.13", "1.26.8"],
  },
  {
    package: ".",
    bench: "^Benchmark(Tree|Shapes|Labels)$",
    benchTime: "500ms",
    kinds: ["cpu", "mem"],
    go: ["1.21.13", "1.27.4"],
  },
  {
    package: ".",
    bench: "^Benchmark(Locks|Channels)$",
    benchTime: "300ms",
    kinds: ["mutex", "block"],
    go: ["1.25.0", "1.26.8"],
  },
];

/** Flags without which a kind would say too little of so short a run. */
function kindFlags({ allocationRate = 65_536 }: Subject, kind: RecordedProfile["kind"]): string[] {
  if (kind === "mem") return [`-memprofilerate=${allocationRate}`];
  if (kind === "mutex") return ["-mutexprofilefraction=1"];
  return kind === "block" ? ["-blockprofilerate=1"] : [];
}

function record(subject: Subject, go: string, kind: RecordedProfile["kind"], dir: string): string {
  const { package: name, bench, benchTime } = subject;
  const chosen = ["-run=^$", `-bench=${bench}`, `-benchtime=${benchTime}`];
  const flags = [...chosen, ...kindFlags(subject, kind)];
  const argv = ["test", "-trimpath", "-vet=off", ...flags, `-${kind}profile=profile.pb.gz`, name];
  const env = { ...goEnvironment(), GOTOOLCHAIN: `go${go}` };
  execFileSync("go", argv, { cwd: dir, env, stdio: ["ignore", "ignore", "inherit"] });
  return ["go", ...argv].join(" ");
}

const work = mkdtempSync(join(tmpdir(), "tailguard-profiles-"));
try {
  cpSync(PROFILED, work, { recursive: true });
  const index = join(PROFILES_DIR, "recorded.json");
  const kept = JSON.parse(readFileSync(index, "utf8")) as RecordedProfile[];
  const recorded = new Map(kept.map((one) => [one.file, one]));
  for (const subject of SUBJECTS) {
    const name = subject.package === "." ? "profiled" : subject.package.replace("/", "-");
    for (const kind of subject.kinds) {
      for (const go of subject.go) {
        const pair = `${name}-${kind}`;
        const file = `${pair}-go${go}.pb.gz`;
        if (!new RegExp(values.only).test(file)) continue;
        const command = record(subject, go, kind, work);
        const bytes = readFileSync(join(work, "profile.pb.gz"));
        if (bytes.length > MAX_BYTES) throw new Error(`${file} has ${bytes.length} bytes`);
        writeFileSync(join(PROFILES_DIR, file), bytes);
        recorded.set(file, { file, pair, go, kind, command });
        const all = [...recorded.values()].sort((one, other) => (one.file < other.file ? -1 : 1));
        writeFileSync(index, `${JSON.stringify(all, null, 2)}\n`);
        console.log(`${file}: ${bytes.length} bytes`);
      }
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
