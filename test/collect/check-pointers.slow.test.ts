// A change that keeps a pointer as a number across a statement and reads one byte too far: both are
// told, the one from the source, the other from a run under checkptr, with its stack.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { makeGoRepository } from "../go-repository.ts";
import { compare } from "../tailguard.ts";

const repository = makeGoRepository("pointers", {
  edit: (dir) => {
    const path = join(dir, "sum.go");
    const source = readFileSync(path, "utf8")
      .replace("i < len(b)", "i <= len(b)")
      .replace(
        "total += int(*(*byte)(unsafe.Pointer(uintptr(p) + uintptr(i))))",
        "u := uintptr(p) + uintptr(i)\n\t\ttotal += int(*(*byte)(unsafe.Pointer(u)))",
      );
    writeFileSync(path, source);
  },
});
afterAll(() => repository.remove());

test("a broken conversion is told at its line, and what checkptr says of it", async () => {
  const { report } = await compare(["--repo", repository.dir, "--budget", "2s"]);
  const bridges = report?.source?.bridges ?? [];
  expect(bridges.map((at) => `${at.problem} in ${at.function} at ${at.file}:${at.line}`)).toEqual([
    "uintptr-to-pointer in Sum at sum.go:11",
    "checkptr in Sum at sum.go:11",
  ]);
  expect(bridges[1]?.frames?.map((frame) => frame.function).slice(0, 2)).toEqual([
    "example.com/pointers.Sum",
    "example.com/pointers.BenchmarkSum",
  ]);
  const [change] = report?.source?.changes ?? [];
  expect(change?.function).toBe("Sum");
});
