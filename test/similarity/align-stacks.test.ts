import { expect, test } from "vitest";
import { createStackAlignment } from "../../src/similarity/align-stacks.ts";

const align = createStackAlignment();

/** "a=b" for two frames that stand for each other. */
function check(one: string, other: string, expected: string) {
  const [a, b] = [one.split(" "), other.split(" ")];
  const pairs = align(a, b).map((pair) => `${a[pair.one]}=${b[pair.other]}`);
  expect(pairs.join(" ")).toBe(expected);
}

test.each([
  ["m.skip m.Parse", "m.skip m.Parse", "m.skip=m.skip m.Parse=m.Parse"],
  ["m.scan m.Parse", "m.skip m.Parse", "m.scan=m.skip m.Parse=m.Parse"],
  ["m.new m.skip m.Parse", "m.skip m.Parse", "m.skip=m.skip m.Parse=m.Parse"],
  ["m.skip m.Parse", "m.skip m.wrap m.Parse", "m.skip=m.skip m.Parse=m.Parse"],
  ["a.x/b.One", "c.y/d.(*T).Two", ""],
])("%s | %s", (one, other, expected) => check(one, other, expected));
