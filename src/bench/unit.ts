// Base units of benchmark values: ns/op becomes sec/op, MB/s becomes B/s, as golang/perf does it.
//
// A unit is read as factors separated by "*", "-" and "/"; only those in the numerator are scaled,
// so "B/ns" stays. Source: golang.org/x/perf/benchunit, tidy.go and parse.go.

export type TidyUnit = {
  readonly unit: string;
  /** What a value in the given unit is multiplied with. */
  readonly factor: number;
};

/** Units of package testing and of our recorder: all but a few lines of evidence have no other. */
const KNOWN: ReadonlyMap<string, TidyUnit> = new Map([
  ["ns/op", { unit: "sec/op", factor: 1e-9 }],
  ["p10-ns/op", { unit: "p10-sec/op", factor: 1e-9 }],
  ["p50-ns/op", { unit: "p50-sec/op", factor: 1e-9 }],
  ["p90-ns/op", { unit: "p90-sec/op", factor: 1e-9 }],
  ["p99-ns/op", { unit: "p99-sec/op", factor: 1e-9 }],
  ["p99.9-ns/op", { unit: "p99.9-sec/op", factor: 1e-9 }],
  ["cpu-ns/op", { unit: "cpu-sec/op", factor: 1e-9 }],
  ["MB/s", { unit: "B/s", factor: 1e6 }],
  ["B/op", { unit: "B/op", factor: 1 }],
  ["allocs/op", { unit: "allocs/op", factor: 1 }],
]);

/** The base unit for `unit` and the factor to it; `{ unit, factor: 1 }` when it is one already. */
export function tidyUnit(unit: string): TidyUnit {
  const known = KNOWN.get(unit);
  if (known !== undefined) return known;
  if (!unit.includes("ns") && !unit.includes("MB")) return { unit, factor: 1 };
  let factor = 1;
  let isDenominator = false;
  const tokens = unit.split(/([*/\-\s])/).map((token) => {
    if (token === "*") isDenominator = false;
    if (token === "/") isDenominator = true;
    if (isDenominator) return token;
    if (token === "ns") {
      factor /= 1e9;
      return "sec";
    }
    if (token === "MB") {
      factor *= 1e6;
      return "B";
    }
    return token;
  });
  return { unit: tokens.join(""), factor };
}
