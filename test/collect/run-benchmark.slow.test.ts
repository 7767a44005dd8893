// Processes that pass for test binaries and answer with what no honest one would: real processes in
// the sandbox, shell scripts in the place of a binary.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { settleToolchain } from "../../src/collect/go-toolchain.ts";
import { Launcher } from "../../src/collect/launcher.ts";
import { processLimits } from "../../src/collect/limits.ts";
import { buildProbe } from "../../src/collect/probe.ts";
import { takeProfile } from "../../src/collect/profile-run.ts";
import { runBenchmark, type TestBinary } from "../../src/collect/run-benchmark.ts";
import { checkSandbox } from "../../src/collect/sandbox.ts";

const dir = mkdtempSync(join(tmpdir(), "tailguard-run-"));
const binaries = join(dir, "binaries");
const scratch = join(dir, "scratch");
const signal = new AbortController().signal;
let launcher: Launcher;

beforeAll(async () => {
  mkdirSync(binaries);
  mkdirSync(scratch);
  writeFileSync(join(binaries, "bomb.gz"), gzipSync(Buffer.alloc((64 << 20) + 1)));
  writeFileSync(join(binaries, "cut.gz"), gzipSync(Buffer.alloc(100)).subarray(0, 12));
  const toolchain = await settleToolchain("local", {}, dir);
  const probePath = await buildProbe(toolchain, join(dir, "cache"), signal);
  const checked = await checkSandbox();
  if (!checked.works) throw new Error(checked.reason);
  const temporary = [
    { path: "/tmp", bytes: 1 << 20 },
    { path: scratch, bytes: 16 << 20 },
  ];
  const mounts = { readOnly: [binaries], writable: [], copied: [], temporary };
  const inside = { sandbox: checked.sandbox, mounts };
  launcher = new Launcher({ probePath, limits: processLimits(2 ** 31), inside, signal });
});
afterAll(async () => {
  await launcher.close();
  rmSync(dir, { recursive: true, force: true });
});

const RESULT = "BenchmarkX-2\\t100\\t5 ns/op\\n";

let count = 0;
function binary(script: string): TestBinary {
  const path = join(binaries, `script${count++}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const env = { PATH: "/usr/bin:/bin" };
  return { path, dir: "/", env, gomaxprocs: 2, recordPath: join(scratch, "records.jsonl") };
}

function run(script: string, batches = 2) {
  const select = { name: "BenchmarkX" };
  const request = { binary: binary(script), select, benchTime: "100x", batches, timeoutMs: 5_000 };
  return runBenchmark(launcher, request);
}

test("more results than were asked for are not believed", async () => {
  const honest = await run(`printf '${RESULT}${RESULT}'`);
  expect(honest).toMatchObject({ failure: "", results: [{ name: "BenchmarkX-2" }, {}] });
  const forged = await run(`printf '${RESULT}${RESULT}${RESULT}'`);
  expect(forged.failure).toBe("it printed 3 results under its name, and 2 were asked for");
});

test("a result behind words without a line break is read", async () => {
  const { results } = await run(`printf 'loading... ${RESULT}'`);
  expect(results).toMatchObject([{ iterations: 100, values: [{ value: 5e-9 }] }]);
});

test.each([
  ["exit 3", "it exits with status 3"],
  [
    "printf 'BenchmarkX-2\\t0\\t NaN ns/op\\nPASS\\n'",
    "it left before its result was known, by a panic or by runtime.Goexit",
  ],
  [
    "printf 'goos: linux\\nBenchmarkX\\nno database\\n'; exit 3",
    "it exits with status 3: no database",
  ],
  ["kill -SEGV $$", 'it was ended by the signal "segmentation fault"'],
  ["head -c 9000000 /dev/zero; sleep 3", "it printed more than 8 MiB"],
  [
    "head -c 9000000 /dev/zero > /tmp/f; exit 1",
    "it left no room in its private /tmp: it exits with status 1: head: error writing 'standard output': No space left on device",
  ],
])("%s", async (script, failure) => {
  expect((await run(script)).failure).toBe(failure);
});

test.each([
  ["a link to a file of the sandbox", "ln -s /etc/hosts $TAILGUARD_RECORD"],
  ["a FIFO", "mkfifo $TAILGUARD_RECORD"],
  ["a folder", "mkdir $TAILGUARD_RECORD"],
  ["more than its limit", "truncate -s 1G $TAILGUARD_RECORD"],
  ["no records", "head -c 100000 /dev/urandom > $TAILGUARD_RECORD"],
  [
    "half a record",
    `printf '{"schema":"tailguard.record/1","benchmark":"Bench' > $TAILGUARD_RECORD`,
  ],
])("records that are %s leave the printed values", async (_name, script) => {
  const { failure, recorded, results } = await run(`${script}; printf '${RESULT}'`);
  expect({ failure, recorded, count: results.length }).toEqual({
    failure: "",
    recorded: undefined,
    count: 1,
  });
});

test.each([
  ["true", "its profile cannot be read: no such file or directory"],
  ["ln -s /etc/hosts $file", "its profile cannot be read: too many levels of symbolic links"],
  ["mkfifo $file", "its profile is not a plain file"],
  ["truncate -s 1G $file", "its profile has 1073741824 bytes, more than 8388608"],
  ["echo PASS > $file", "its profile is not packed with gzip"],
  [`cp ${binaries}/cut.gz $file`, "its profile was cut: the process ended before it was written"],
  [`cp ${binaries}/bomb.gz $file`, "its profile unpacks to more than 67108864 bytes"],
])("a profile by `%s`", async (script, problem) => {
  const whole = `for a in "$@"; do case $a in -test.cpuprofile=*) file=\${a#*=};; esac; done; ${script}; printf '${RESULT}'`;
  const side = [binary(whole)];
  const benchmark = {
    package: "example.com/m",
    name: "BenchmarkX",
    base: side,
    head: side,
    layoutSeeds: [0],
    isRecorded: false,
    secondsPerOperation: 5e-9,
    slowestSecondsPerOperation: 5e-9,
  };
  const which = {
    benchmark,
    target: 0,
    side: "base",
    run: 0,
    operations: 100,
    allocationRate: 524_288,
  } as const;
  const both = { base: launcher, head: launcher };
  const options = {
    launchers: both,
    cell: "c",
    scratchDirs: { base: scratch, head: scratch },
    outDir: dir,
  };
  expect(await takeProfile("cpu", which, options)).toBe(problem);
});
