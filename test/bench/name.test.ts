import fc from "fast-check";
import { expect, test } from "vitest";
import { exactPattern, nameElements, withoutGomaxprocs } from "../../src/bench/name.ts";

test("the GOMAXPROCS suffix goes once, and only when it is one", () => {
  expect(withoutGomaxprocs("BenchmarkX/a-2-2", 2)).toBe("BenchmarkX/a-2");
  expect(withoutGomaxprocs("BenchmarkX/a-12", 2)).toBe("BenchmarkX/a-12");
  expect(withoutGomaxprocs("BenchmarkX/a-2", 4)).toBe("BenchmarkX/a-2");
  // One processor prints no suffix: this name ends in -1 by itself.
  expect(withoutGomaxprocs("BenchmarkX/a-1", 1)).toBe("BenchmarkX/a-1");
});

const PATTERNS: readonly [name: string, pattern: string][] = [
  ["BenchmarkParse", "^BenchmarkParse$"],
  ["BenchmarkParse/large", "^BenchmarkParse$/^large$"],
  ["BenchmarkX/a.b|c", "^BenchmarkX$/^a\\.b\\|c$"],
  ["BenchmarkX/size=4k/#01", "^BenchmarkX$/^size=4k$/^#01$"],
  ["BenchmarkX/(a)[b]{1}+*?^$", "^BenchmarkX$/^\\(a\\)\\[b\\]\\{1\\}\\+\\*\\?\\^\\$$"],
  ["BenchmarkX/\\x00", "^BenchmarkX$/^\\\\x00$"],
  ["BenchmarkX//b", "^BenchmarkX$/^$/^b$"],
];

for (const [name, pattern] of PATTERNS) {
  test(`pattern of ${name}`, () => expect(exactPattern(name)).toBe(pattern));
}

test("each element of the pattern matches its own text and nothing longer", () => {
  const element = fc.string({ unit: fc.constantFrom(..."ab.\\[]{}()|^$*+?-#=é") });
  fc.assert(
    fc.property(fc.array(element, { minLength: 1 }), (elements) => {
      const name = elements.join("/");
      // No quoted element has a bare "/" in it, so splitting is what package testing does.
      const patterns = exactPattern(name).split("/");
      expect(patterns).toHaveLength(nameElements(name).length);
      for (const [at, text] of nameElements(name).entries()) {
        const pattern = new RegExp(patterns[at]!);
        expect(pattern.test(text)).toBe(true);
        expect(pattern.test(`${text}x`)).toBe(false);
        expect(pattern.test(`x${text}`)).toBe(false);
      }
    }),
  );
});
