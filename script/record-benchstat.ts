// Records what benchstat says of made-up files, for test/contract/benchstat.test.ts.
//
//   npx tsx script/record-benchstat.ts
//
// Writes test/testdata/benchstat/<case>/: base.txt and head.txt (from a fixed seed; those of
// "measured" are what `go test` printed, kept once they are there), want.csv (benchstat -format
// csv) and want.json (the same numbers unrounded, from benchstat's own package benchmath). Needs
// Go and its module proxy; everything else goes to a temporary folder.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLine } from "../src/bench/parse.ts";
import { formatProcess } from "../src/evidence/pair-text.ts";
import { nextFloat, type Random, seededRandom } from "../src/stats/random.ts";

const PERF = "golang.org/x/perf@v0.0.0-20260908200009-22c9c6c9d4da";
const OUT = new URL("../test/testdata/benchstat/", import.meta.url).pathname;

type Sides = { readonly base: string; readonly head: string };

const UNROUNDED = `package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

type key struct{ phase, name, unit string }

func read(path string, keys *[]key) map[key][]float64 {
	file, err := os.Open(path)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	values := map[key][]float64{}
	for reader := benchfmt.NewReader(file, path); reader.Scan(); {
		result, ok := reader.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		for _, value := range result.Values {
			at := key{result.GetConfig("phase"), result.Name.String(), value.Unit}
			if values[at] == nil {
				*keys = append(*keys, at)
			}
			values[at] = append(values[at], value.Value)
		}
	}
	return values
}

func number(x float64) any {
	if math.IsInf(x, 0) {
		return nil
	}
	return x
}

func summary(values []float64) any {
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(values, &benchmath.DefaultThresholds), 0.95)
	return map[string]any{"center": s.Center, "low": number(s.Lo), "high": number(s.Hi), "level": s.Confidence}
}

func main() {
	var keys, ignored []key
	base := read(os.Args[1], &keys)
	head := read(os.Args[2], &ignored)
	rows := []any{}
	for _, at := range keys {
		if head[at] == nil {
			continue
		}
		thresholds := &benchmath.DefaultThresholds
		comparison := benchmath.AssumeNothing.Compare(
			benchmath.NewSample(base[at], thresholds), benchmath.NewSample(head[at], thresholds))
		rows = append(rows, map[string]any{"phase": at.phase, "name": at.name, "unit": at.unit,
			"base": summary(base[at]), "head": summary(head[at]), "p": comparison.P})
	}
	out, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(out))
}
`;

/** Result lines of one benchmark with times around `center`, `digits` decimals. */
function lines(
  random: Random,
  name: string,
  count: number,
  shape: readonly [number, number],
): string {
  const [center, digits] = shape;
  return Array.from({ length: count }, () => {
    // Skewed, as times are.
    const time = center * (1 + 0.2 * nextFloat(random) ** 3);
    return `Benchmark${name}-2\t100\t${time.toFixed(digits)} ns/op\t${48 + (count % 3)} B/op\t2 allocs/op\n`;
  }).join("");
}

function sizesCase(random: Random): Sides {
  const sizes = [1, 2, 3, 4, 5, 6, 7, 10, 13, 20, 29, 30, 31, 50, 51, 64];
  const side = (factor: number) =>
    sizes.map((n) => lines(random, `Size/n=${n}`, n, [factor * 1000, 6])).join("") +
    lines(random, "Unequal", factor === 1 ? 7 : 12, [factor * 10, 6]) +
    lines(random, "Lopsided", factor === 1 ? 51 : 9, [factor * 10, 6]);
  return { base: side(1), head: side(1.01) };
}

function tiesCase(random: Random): Sides {
  const side = (factor: number) =>
    [2, 3, 5, 8, 12, 25, 26, 40]
      .map((n) => lines(random, `Ties/n=${n}`, n, [factor * 40, 0]))
      .join("") +
    lines(random, "TiesUnequal", factor === 1 ? 5 : 9, [factor * 10, 1]) +
    "BenchmarkEqual-2 1 5 ns/op\n".repeat(6);
  return { base: side(1), head: side(1.03) };
}

function textCase(random: Random): Sides {
  const head = `goos: linux
goarch: amd64
pkg: example.com/m
BenchmarkTorn
logged by a test
BenchmarkTorn-2 \t 12 \t nonsense ns/op
BenchmarkNoUnit-2 12 5
Unit hits better=higher
PASS
`;
  const custom = Array.from(
    { length: 6 },
    () => `BenchmarkCustom-2 5 ${(nextFloat(random) * 9).toFixed(2)} p99-ns/op 3 hits 7.5 MB/s\n`,
  ).join("");
  const side = (factor: number) => head + lines(random, "Text", 6, [factor * 100, 2]) + custom;
  return { base: side(1), head: side(1.1) };
}

/** The evidence files of this program: explored pairs, and base against base. */
function pairsCase(random: Random): Sides {
  const side = (factor: number) =>
    Array.from({ length: 8 }, (_, pair) => {
      const phase = pair % 4 === 3 ? "noise" : "explore";
      const center = phase === "noise" ? 100 : 100 * factor;
      const results = lines(random, "Pair/a-2", 3, [center, 2])
        .trimEnd()
        .split("\n")
        .map(parseLine)
        .flatMap((line) => (line.kind === "result" ? [line.result] : []));
      const usage = { wallSec: 0.05, cpuSec: 0.04, involuntarySwitches: 2 };
      return formatProcess({ pair, phase, first: "head", layout: pair % 2, ...usage }, results);
    }).join("");
  return { base: side(1), head: side(1.2) };
}

/** Two runs of Go's own benchmarks, one after the other, as people do it. */
function measuredCase(): Sides {
  const side = (name: string) => {
    const path = join(OUT, "measured", `${name}.txt`);
    if (existsSync(path)) return readFileSync(path, "utf8");
    const only = ["-run", "^$", "-bench", "Decode|EncodeToString", "-benchmem"];
    return execFileSync(
      "go",
      ["test", ...only, "-count", "10", "-benchtime", "2ms", "encoding/base64", "encoding/hex"],
      { encoding: "utf8" },
    );
  };
  return { base: side("base"), head: side("head") };
}

function record(): void {
  const work = mkdtempSync(join(tmpdir(), "benchstat-"));
  const go = (...args: string[]) =>
    execFileSync("go", args, { cwd: work, env: { ...process.env, GOBIN: work }, encoding: "utf8" });
  try {
    writeFileSync(join(work, "main.go"), UNROUNDED);
    go("install", PERF.replace("@", "/cmd/benchstat@"));
    go("mod", "init", "example.com/unrounded");
    go("get", PERF);
    go("mod", "tidy");
    go("build", "-o", "unrounded", ".");
    const cases = {
      sizes: sizesCase,
      ties: tiesCase,
      text: textCase,
      pairs: pairsCase,
      measured: measuredCase,
    };
    for (const [name, make] of Object.entries(cases)) {
      const dir = join(OUT, name);
      mkdirSync(dir, { recursive: true });
      for (const [side, text] of Object.entries(make(seededRandom(1)))) {
        writeFileSync(join(dir, `${side}.txt`), text);
      }
      const run = (command: string, ...args: string[]) =>
        execFileSync(join(work, command), [...args, "base.txt", "head.txt"], {
          cwd: dir,
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
      writeFileSync(join(dir, "want.csv"), run("benchstat", "-format", "csv"));
      writeFileSync(join(dir, "want.json"), run("unrounded"));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

record();
