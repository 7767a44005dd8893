import fc from "fast-check";
import { expect, test } from "vitest";
import { bundleName } from "../../src/collect/bundle.ts";
import { bundlePathSchema } from "../../src/evidence/manifest.ts";

function check(text: string, expected: string) {
  expect(bundleName(text)).toBe(expected);
}

test("names stay readable, and mean nothing to benchstat or a shell", () => {
  check("example.com/m/v2", "example.com+m+v2");
  check("BenchmarkParse/size=4k", "BenchmarkParse+size@4k");
  check("../../etc", "@.+..+etc");
  check(".hidden", "@hidden");
  check("-flag", "@flag");
  check("", "_");
});

test("whatever the name, it is one plain part of a path in the bundle", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 150 }), (text) => {
      const path = `packages/${bundleName(text)}/base.txt`;
      expect(bundlePathSchema.parse(path)).toBe(path);
      expect(path.split("/").length).toBe(3);
      expect(path).not.toMatch(/[=:\s]/);
    }),
  );
});
