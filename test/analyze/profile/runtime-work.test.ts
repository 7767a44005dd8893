import fc from "fast-check";
import { expect, test } from "vitest";
import { CATALOG } from "../../../src/analyze/profile/catalog/catalog.ts";
import { familyOf, runtimeWork } from "../../../src/analyze/profile/runtime-work.ts";

function check(stack: string, expected: readonly string[]): void {
  expect(runtimeWork(stack.split(" < ")).map(({ family }) => family)).toEqual(expected);
}

test("work is told from the program's side to the leaf, each family once", () => {
  check("runtime.nextFreeFast < runtime.mallocgc < runtime.growslice < m.Parse", [
    "slice-growth",
    "allocation",
  ]);
  check("runtime.scanobject < runtime.gcDrain < runtime.gcAssistAlloc < runtime.mallocgc < m.F", [
    "allocation",
    "gc-mark",
  ]);
  check("m.skip < m.Parse < m.BenchmarkParse", []);
});

test("names that Go versions changed are known", () => {
  check("runtime.mallocgcSmallScanNoHeader < runtime.newobject", ["allocation"]);
  check("runtime.mallocgcTinySC2 < runtime.newobject", ["allocation"]);
  check("runtime.scanObjectsSmall < runtime.gcBgMarkWorker", ["gc-mark"]);
  check("internal/runtime/maps.(*Map).Get < runtime.mapaccess1_faststr", ["map"]);
  check("internal/sync.(*Mutex).lockSlow < sync.(*Mutex).Lock", ["lock"]);
});

test("a program's own function is never taken for the runtime's", () => {
  check("example.com/fmt.Print < example.com/runtime.mallocgc < main.newobject", []);
  check("runtimex.mallocgc < fmtx.Print < regexp2.Match < syncx.Lock", []);
});

test("every family says all it has to, and no frame is in two", () => {
  const seen = new Map<string, string>();
  for (const family of CATALOG) {
    for (const text of [family.title, family.meaning, family.dimension, family.helps]) {
      expect(text, family.id).not.toBe("");
    }
    for (const frame of family.frames) {
      const name = typeof frame === "string" ? frame : frame.name;
      expect(seen.get(name), `${name} is in ${family.id} too`).toBeUndefined();
      seen.set(name, family.id);
    }
  }
  expect(new Set(CATALOG.map(({ id }) => id)).size).toBe(CATALOG.length);
});

test("the longest prefix decides, as a look at each of them would", () => {
  const frames = CATALOG.flatMap((family) =>
    family.frames.map((frame) => ({
      family: family.id,
      name: typeof frame === "string" ? frame : frame.name,
    })),
  );
  const exact = frames.filter(({ name }) => !name.endsWith("*"));
  const prefixes = frames
    .filter(({ name }) => name.endsWith("*"))
    .map(({ family, name }) => ({ family, prefix: name.slice(0, -1) }))
    .sort((one, other) => other.prefix.length - one.prefix.length);
  const ending = fc.oneof(
    fc.constant(""),
    fc.string({ maxLength: 3 }),
    fc.constantFrom("Slow", ".F"),
  );
  const cut = fc.tuple(fc.constantFrom(...frames), fc.nat(30), ending);
  fc.assert(
    fc.property(cut, ([{ name }, left, text]) => {
      const asked = name.replace("*", "").slice(0, Math.max(1, name.length - left)) + text;
      const slow =
        exact.find((at) => at.name === asked) ??
        prefixes.find(({ prefix }) => asked.startsWith(prefix));
      expect(familyOf(asked)?.id).toBe(slow?.family);
    }),
    { numRuns: 2000 },
  );
});
