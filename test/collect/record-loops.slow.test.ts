// One file that does not compile with recorded loops costs itself only. No file is known that does so,
// so the probe is given a hand: behind it, a script spoils the rewritten copy of one file.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listBenchmarkPackages } from "../../src/collect/go-packages.ts";
import { settleToolchain } from "../../src/collect/go-toolchain.ts";
import { Launcher } from "../../src/collect/launcher.ts";
import { processLimits } from "../../src/collect/limits.ts";
import { buildProbe } from "../../src/collect/probe.ts";
import { buildRecorded, culpritsIn, type RecordSetup } from "../../src/collect/record-loops.ts";

describe("the files that a compiler's log blames", () => {
  const files = [
    { path: "sub/a_test.go", pathInModule: "a_test.go", copy: "/ov/00000_a_test.go" },
    { path: "sub/b/a_test.go", pathInModule: "b/a_test.go", copy: "/ov/00001_a_test.go" },
  ];

  test.each([
    ["/ov/00000_a_test.go:7:3: undefined: sink", ["sub/a_test.go"]],
    ["./a_test.go:7:3: undefined: sink", ["sub/a_test.go"]],
    ["example.com/m/b/a_test.go:7:3: undefined: sink", ["sub/b/a_test.go"]],
    ["# example.com/m\nb/a_test.go:7: too many errors", ["sub/b/a_test.go"]],
    ["/ov/00009_rec.go:1:1: undefined: x\nm.BenchmarkX: nosplit stack over 792 byte limit", []],
  ])("%j", (log, expected) => {
    expect(culpritsIn(log, files).map(({ path }) => path)).toEqual(expected);
  });
});

describe("a package with one bad file", () => {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-record-"));
  const source = (name: string) =>
    `package m\n\nimport "testing"\n\nfunc Benchmark${name}(b *testing.B) {\n\tfor i := 0; i < b.N; i++ {\n\t}\n}\n`;
  const signal = new AbortController().signal;
  let launcher: Launcher;
  let probePath = "";
  let setup: RecordSetup;

  beforeAll(async () => {
    for (const name of ["module", "binaries", "overlays", "module/sub"]) mkdirSync(join(dir, name));
    writeFileSync(join(dir, "module", "go.mod"), "module example.com/m\n\ngo 1.21\n");
    writeFileSync(join(dir, "module", "sub", "good_test.go"), source("Good"));
    writeFileSync(join(dir, "module", "sub", "bad_test.go"), source("Bad"));
    const toolchain = await settleToolchain("local", {}, dir);
    probePath = await buildProbe(toolchain, join(dir, "cache"), signal);
    launcher = new Launcher({
      probePath,
      limits: processLimits(2 ** 31),
      inside: undefined,
      signal,
    });
    const rootDir = join(dir, "module");
    setup = {
      toolchain,
      probePath,
      rootDirs: { base: rootDir, head: rootDir },
      launchers: { base: launcher, head: launcher },
      binariesDir: join(dir, "binaries"),
      overlaysDir: join(dir, "overlays"),
      signal,
    };
  });
  afterAll(async () => {
    await launcher.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Builds with a probe whose rewritten copies of the files that match are spoiled. */
  async function build(index: number, spoiled: string) {
    const listing = await listBenchmarkPackages({
      toolchain: setup.toolchain,
      rootDir: setup.rootDirs.base,
      moduleDir: ".",
      patterns: ["./..."],
      modFileDir: join(dir, "modfiles"),
      prefix: [],
      signal,
    });
    const [target] = listing.kind === "listed" ? listing.packages : [];
    if (target === undefined) throw new Error("no package is listed");
    const spoiling = join(dir, `probe-${index}`);
    const outDir = '$(dirname $(sed -n \'s/.*"overlay":"\\([^"]*\\)".*/\\1/p\' $answer))';
    const script = [
      "#!/bin/sh",
      `answer=$(mktemp -p ${dir})`,
      `${probePath} "$@" > $answer || exit 1`,
      `[ "$1" = instrument ] && for file in ${outDir}/${spoiled}; do [ -f $file ] && echo 'var x = missing' >> $file; done`,
      "cat $answer",
    ];
    writeFileSync(spoiling, `${script.join("\n")}\n`, { mode: 0o755 });
    const pair = { base: target, head: target };
    return await buildRecorded(pair, { index, seed: 0 }, { ...setup, probePath: spoiling });
  }

  test("is built with the loops of the others recorded", async () => {
    const recording = await build(0, "*_bad_test.go");
    expect(recording).toMatchObject({
      kind: "built",
      reason:
        "single operations are not recorded in files that do not compile when they are: sub/bad_test.go (undefined: missing)",
    });
    expect(readdirSync(join(dir, "binaries")).sort()).toEqual([
      "base-0-0-recorded.test",
      "head-0-0-recorded.test",
    ]);
  });

  test("is measured plain where no file is to blame", async () => {
    const recording = await build(1, "*_recorder.go");
    expect(recording).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(
        /^with recorded loops base does not build: .*undefined: missing/,
      ),
    });
  });
});
