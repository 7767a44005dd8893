import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type FoldedFrame,
  type Folds,
  foldFrames,
  foldStacks,
  unfolded,
} from "../../../../src/analyze/profile/matching/fold-stacks.ts";
import { createNaming } from "../../../../src/analyze/profile/naming.ts";
import type { ProfileFrame } from "../../../../src/pprof/profile.ts";

const naming = createNaming(
  (file) => file,
  (importPath) => importPath === "m",
);

function framesOf(stack: string): ProfileFrame[] {
  return stack.split(" ").map((name, at) => ({
    function: { name, systemName: name, file: "m/m.go", startLine: 1 },
    line: at,
    inlined: false,
  }));
}

/** "m.A(m.inner) m.B": what was folded stands in brackets. */
function show(frames: readonly FoldedFrame[]): string {
  return frames
    .map((frame) => {
      const inner = frame.inner?.map((at) => at.function.name).join(",");
      return inner === undefined ? frame.function.name : `${frame.function.name}(${inner})`;
    })
    .join(" ");
}

const BOTH: Folds = new Map([
  ["m.New", { own: true, through: true }],
  ["m.Deep", { own: true, through: true }],
]);

describe("a function is folded into its caller", () => {
  test.each([
    ["runtime.memmove m.New m.A m.B", "runtime.memmove m.A(m.New) m.B"],
    ["m.Deep m.New m.A", "m.A(m.Deep,m.New)"],
    ["m.C m.New m.A", "m.C m.A(m.New)"],
    ["m.New m.New m.A", "m.A(m.New,m.New)"],
    ["m.A m.B", "m.A m.B"],
  ])("%s", (stack, expected) =>
    expect(show(foldFrames(framesOf(stack), BOTH, naming))).toBe(expected),
  );

  test.each([
    ["without one", "m.C m.New"],
    ["below the standard library", "m.New sort.Slice m.A"],
    ["of another program", "runtime.memmove runtime.main"],
  ])("but not %s", (_, stack) =>
    expect(show(foldFrames(framesOf(stack), BOTH, naming))).toBe(stack),
  );

  test("only where it leads to others, or only where it does not", () => {
    const through: Folds = new Map([["m.New", { own: false, through: true }]]);
    const own: Folds = new Map([["m.New", { own: true, through: false }]]);
    expect(show(foldFrames(framesOf("m.C m.New m.A"), through, naming))).toBe("m.C m.A(m.New)");
    expect(show(foldFrames(framesOf("m.New m.A"), through, naming))).toBe("m.New m.A");
    expect(show(foldFrames(framesOf("m.C m.New m.A"), own, naming))).toBe("m.C m.New m.A");
  });
});

const stacks = fc.array(
  fc.record({
    frames: fc
      .array(fc.constantFrom("m.New", "m.Deep", "m.A", "m.B", "sort.Slice", "\0<b>"), {
        minLength: 1,
        maxLength: 12,
      })
      .map((names) => framesOf(names.join(" "))),
    value: fc.integer({ min: 1, max: 100 }),
  }),
);

test("no sample and no frame is lost", () => {
  fc.assert(
    fc.property(stacks, (all) => {
      const folded = foldStacks(all, BOTH, naming);
      expect(folded.map(({ value }) => value)).toEqual(all.map(({ value }) => value));
      const names = (frames: readonly ProfileFrame[]) => frames.map((at) => at.function.name);
      expect(folded.map(({ frames }) => names(unfolded(frames)))).toEqual(
        all.map(({ frames }) => names(frames)),
      );
    }),
  );
});

test("with nothing to fold the stacks are the very same", () => {
  const all = [{ frames: framesOf("m.A m.B"), value: 1 }];
  expect(foldStacks(all, new Map(), naming)).toBe(all);
  expect(foldStacks(all, BOTH, naming)[0]?.frames).toBe(all[0]?.frames);
});
