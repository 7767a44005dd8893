import { expect, test } from "vitest";
import { nearestWord } from "../../src/plan/nearest-word.ts";

const KEYS = ["paths", "packages", "benchmarks", "thresholds", "triggers", "gate", "waivers"];

test.each([
  ["treshold", "thresholds"],
  ["Gate", "gate"],
  ["gaet", "gate"],
  ["pathes", "paths"],
  ["bench", "benchmarks"],
  ["waiver", "waivers"],
  ["xyz", undefined],
  ["", undefined],
  ["p".repeat(10_000), undefined],
])("%s means %s", (word, expected) => {
  expect(nearestWord(word, KEYS)).toBe(expected);
});
