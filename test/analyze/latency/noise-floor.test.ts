import { expect, test } from "vitest";
import { noiseFloor } from "../../../src/analyze/latency/noise-floor.ts";
import { readPairs } from "../../../src/evidence/read-pairs.ts";
import { evidenceOf, type PairRow } from "./measured.ts";

const row = (phase: "explore" | "noise", base: number, head: number): PairRow => ({
  phase,
  printed: { "ns/op": [[base], [head]], "B/op": [[8], [8]] },
});

test("two standard errors of what equal binaries show", () => {
  const noise = [101, 98, 103, 99, 102].map((head) => row("noise", 100, head));
  const explore = Array.from({ length: 16 }, () => row("explore", 100, 150));
  const floor = noiseFloor(readPairs(evidenceOf([...noise, ...explore])));
  const spread = 1.4826 * Math.log(1.02);
  expect(floor["p10-sec/op"]).toBeCloseTo(Math.expm1((2 * spread) / 4), 2);
  expect(Object.keys(floor)).toEqual(["p10-sec/op", "sec/op"]);
});

test("one bad process does not lift it, and few pairs say nothing", () => {
  const quiet = Array.from({ length: 9 }, (_, i) => row("noise", 1000, 1000 + (i % 3)));
  const explore = [row("explore", 1, 1)];
  const plain = noiseFloor(readPairs(evidenceOf([...quiet, ...explore])))["sec/op"]!;
  const hit = noiseFloor(readPairs(evidenceOf([...quiet, row("noise", 1, 50), ...explore])))[
    "sec/op"
  ]!;
  expect(hit).toBeLessThan(2 * plain);
  expect(noiseFloor(readPairs(evidenceOf([...quiet.slice(0, 4), ...explore])))).toEqual({});
  expect(noiseFloor(readPairs(evidenceOf(quiet)))).toEqual({});
});
