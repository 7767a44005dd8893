import { expect, test } from "vitest";
import { readPointerChecks } from "../../../src/analyze/ast/read-pointer-checks.ts";
import type { PointerCheck } from "../../../src/evidence/manifest.ts";
import { evidenceOf } from "../evidence-of.ts";

/** As go1.26.8 printed it. */
const OUTPUT = `fatal error: checkptr: pointer arithmetic result points to invalid allocation

goroutine 8 gp=0x1b2e34b1a000 m=2 mp=0x1b2e34a7a808 [running]:
runtime.throw({0x591e72?, 0x40?})
	runtime/panic.go:1229 +0x48 fp=0x1b2e34a74690 sp=0x1b2e34a74660 pc=0x483ae8
runtime.checkptrArithmetic(0x0?, {0x0, 0x0, 0x1b2e34a746e8?})
	runtime/checkptr.go:69 +0x9c fp=0x1b2e34a746c0 sp=0x1b2e34a74690 pc=0x416ffc
example.com/m/sub.(*List).last(...)
	example.com/m/sub/list.go:9
example.com/m/sub.BenchmarkLast(0x1b2e34b0c308)
	example.com/m/sub/list_test.go:10 +0x70 fp=0x1b2e34a74710 sp=0x1b2e34a746c0 pc=0x52e550
testing.(*B).runN(0x1b2e34b0c308, 0x1)
	testing/benchmark.go:219 +0x190 fp=0x1b2e34a747a0 sp=0x1b2e34a74710 pc=0x4de7f0

goroutine 1 gp=0x1b2e345941e0 m=nil [chan receive]:
runtime.gopark(0x0?, 0x0?)
	runtime/proc.go:462 +0xce fp=0x1b2e347a5cb8
`;

function check(of: Partial<PointerCheck>): PointerCheck {
  return {
    cell: "go",
    package: "example.com/m/sub",
    side: "head",
    ran: "benchmarks",
    outcome: "failed",
    reason: "",
    output: "pointers/out.txt",
    ...of,
  };
}

function read(checks: readonly PointerCheck[], output: string) {
  const evidence = evidenceOf({ packages: [{ importPath: "example.com/m/sub", dir: "sub" }] });
  return readPointerChecks({
    ...evidence,
    manifest: { ...evidence.manifest, pointerChecks: [...checks] },
    pointerOutputs: new Map([["pointers/out.txt", output]]),
  });
}

test("the conversion, the benchmark, and the stack without the runtime's frames", () => {
  const { findings, degraded } = read(
    [check({}), check({ side: "base", outcome: "passed" })],
    OUTPUT,
  );
  expect(degraded).toEqual([]);
  expect(findings).toEqual([
    {
      kind: "bridge",
      package: "example.com/m/sub",
      function: "(*List).last",
      problem: "checkptr",
      text: "`-d=checkptr=2` ends BenchmarkLast here: pointer arithmetic result points to invalid allocation",
      position: { file: "sub/list.go", line: 9 },
      check: {
        ran: "BenchmarkLast",
        frames: [
          { function: "example.com/m/sub.(*List).last", file: "sub/list.go", line: 9 },
          { function: "example.com/m/sub.BenchmarkLast", file: "sub/list_test.go", line: 10 },
          { function: "testing.(*B).runN", file: "testing/benchmark.go", line: 219 },
        ],
      },
    },
  ]);
});

test("what base does too is no news", () => {
  expect(read([check({}), check({ side: "base" })], OUTPUT).findings).toEqual([]);
});

test("benchmarks and tests that fail at one line are one finding", () => {
  expect(read([check({}), check({ ran: "tests" })], OUTPUT).findings).toHaveLength(1);
});

test("benchmarks that could not be checked are named, tests that fail by themselves are not", () => {
  const other = { outcome: "other", reason: "it does not build" } as const;
  const { degraded } = read([check(other), check({ ...other, ran: "tests" })], "");
  expect(degraded).toEqual([
    {
      strategy: "ast",
      reason:
        "conversions through unsafe.Pointer of example.com/m/sub were not checked at run time: it does not build",
    },
  ]);
});

test("text that is no such stack is no finding", () => {
  for (const text of ["", "\n", "goroutine", "fatal error: checkptr: x", OUTPUT.slice(0, 200)]) {
    expect(read([check({})], text).findings).toEqual([]);
  }
  const deep = `\ngoroutine 1:\n${"f(x)\n\ta.go:1\n".repeat(10_000)}`;
  expect(read([check({})], deep).findings[0]?.check?.frames).toHaveLength(30);
});
