// Stacks as numbers say what the same stacks say as objects.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProfileFrame } from "../../src/pprof/profile.ts";
import { numberedCosts, stacksIn, tableOf } from "../../src/pprof/stack-table.ts";
import { functionCosts, type Stack } from "../../src/pprof/stacks.ts";

/** Six lines of four functions: calls of one function stand at several lines. */
const FRAMES: readonly ProfileFrame[] = ["a", "b", "c", "d", "a", "b"].map((name, at) => ({
  function: { name, file: "m/file.go", startLine: 1 },
  line: at,
  inlined: at % 2 === 0,
}));

const STACKS: fc.Arbitrary<Stack[]> = fc.array(
  fc.record({
    frames: fc.array(fc.constantFrom(...FRAMES), { minLength: 1, maxLength: 12 }),
    value: fc.integer({ min: -5, max: 100 }),
  }),
  { maxLength: 20 },
);

test("a table holds the stacks that it was made of", () => {
  fc.assert(
    fc.property(STACKS, (stacks) => {
      expect(stacksIn(tableOf(stacks))).toEqual(stacks);
    }),
  );
});

test("functions cost the same by number as by key, recursion counted once", () => {
  const keys = ["a", "b", "c", "d"];
  fc.assert(
    fc.property(STACKS, (stacks) => {
      const table = tableOf(stacks);
      const functionOf = Int32Array.from(table.frames, (frame) =>
        keys.indexOf(frame.function.name),
      );
      const { flat, cum } = numberedCosts(table, functionOf, keys.length);
      const byKey = functionCosts(stacks, (frame) => frame.function.name);
      for (const [at, key] of keys.entries()) {
        expect({ flat: flat[at], cum: cum[at] }).toEqual(byKey.get(key) ?? { flat: 0, cum: 0 });
      }
    }),
  );
});
