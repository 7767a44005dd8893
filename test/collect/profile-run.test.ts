import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { operationsFor, packedProblem } from "../../src/collect/profile-run.ts";
import type { Measurable } from "../../src/collect/track.ts";
import { textProfileBytes } from "../text-profile.ts";

const GOOD = gzipSync(textProfileBytes("# 3 2 \n m.F m.G"));

test.each<readonly [string, Uint8Array, string | undefined]>([
  ["good", GOOD, undefined],
  ["without samples", gzipSync(textProfileBytes("")), undefined],
  ["empty once unpacked", gzipSync(""), "cannot be read: it is empty"],
  ["cut", GOOD.subarray(0, GOOD.length - 20), "was cut: the process ended before it was written"],
  ["text", Buffer.from("PASS\n"), "is not packed with gzip"],
  [
    "cut before it was packed",
    gzipSync(textProfileBytes("# 3 2 \n m.F m.G").subarray(0, 40)),
    "cannot be read: it was cut: the field at byte 36 is not complete",
  ],
  ["a bomb", gzipSync(Buffer.alloc((64 << 20) + 1)), "unpacks to more than 67108864 bytes"],
  [
    "of another format",
    gzipSync("hello, world"),
    "cannot be read: byte 2 is not a field of a profile",
  ],
])("a profile that is %s", (_, bytes, expected) => {
  expect(packedProblem(bytes)).toBe(expected);
});

test.each([
  [0.5, 1e-6, 500_000],
  [0.5, 3, 1],
  [1, 1e-12, 1_000_000_000],
  [1, 0, 1_000_000_000],
])("%d s of operations that take %d s", (seconds, secondsPerOperation, expected) => {
  expect(operationsFor(seconds, { secondsPerOperation } as Measurable)).toBe(expected);
});
