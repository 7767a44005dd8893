import { describe, expect, test } from "vitest";
import { analyzed, drawn } from "./profiled.ts";

const OPTIONS = {
  sampleTypes: ["alloc_objects/count", "alloc_space/bytes"],
  period: 524_288,
} as const;

type Sides = { readonly base: string; readonly head: string };

/** "function file:line side objects bytes" per operation, base > head. */
function sites({ base, head }: Sides, operations = 10_000_000): string[] {
  const record = { operations };
  const shared = { kind: "alloc", record, options: OPTIONS } as const;
  const { findings } = analyzed([
    drawn({ side: "base", text: base, ...shared }),
    drawn({ side: "head", text: head, ...shared }),
  ]);
  return findings.flatMap((at) =>
    at.kind === "allocation-site"
      ? [
          `${at.function} ${at.file}:${at.line} ${at.side} ${at.baseObjects}>${at.headObjects} objects ${at.baseBytes}>${at.headBytes} B`,
        ]
      : [],
  );
}

const BASE = `
  #            10000000/640000000   10000000/320000000
  m.grow:10    m.grow:12
  m.Parse:40   m.Parse:40
  m.Bench:5    m.Bench:5
`;

describe("which line allocates more", () => {
  test("one that is new, though all others moved", () => {
    const head = `
      #            10000000/640000000   10000000/480000000   10000000/320000000
      m.grow:13    m.grow:14          m.grow:16
      m.Parse:41   m.Parse:41         m.Parse:41
      m.Bench:5    m.Bench:5          m.Bench:5
    `;
    expect(sites({ base: BASE, head })).toEqual(["m.grow file.go:14 head 2>3 objects 96>144 B"]);
  });

  test("one of the standard library is its caller's", () => {
    const head = BASE.replace("m.grow:12", "strings.(*Builder).grow:70");
    expect(sites({ base: BASE, head })).toEqual([
      "m.grow file.go:12 base 2>1 objects 96>64 B",
      "m.Parse file.go:40 head 0>1 objects 0>32 B",
    ]);
  });

  test("one that allocates less, on base", () => {
    expect(sites({ base: BASE, head: "# 10000000/640000000 \n m.grow:9 \n m.Bench:5" })).toEqual([
      "m.grow file.go:12 base 2>1 objects 96>64 B",
    ]);
  });

  test("none, where both sides do the same", () => {
    expect(sites({ base: BASE, head: BASE })).toEqual([]);
  });

  test("none, where the profile's few samples differ by chance", () => {
    // 3 and 6 samples of half a megabyte each.
    const text = (count: number) => `# ${count * 8192}/${count * 524_288} \n m.grow:9 \n m.Bench:5`;
    expect(sites({ base: text(3), head: text(6) })).toEqual([]);
    expect(sites({ base: text(300), head: text(600) })).toHaveLength(1);
  });

  test("all of them, where base allocates nothing: its shares are 0 and no other number", () => {
    const options = {
      kind: "alloc",
      record: { operations: 10_000_000 },
      options: OPTIONS,
    } as const;
    const base = "# 90000000/900000000 \n testing.(*B).run1:9";
    const { findings } = analyzed([
      drawn({ side: "base", text: base, ...options }),
      drawn({ side: "head", text: BASE, ...options }),
    ]);
    const shares = findings.flatMap((at) => (at.kind === "allocation-site" ? [at.baseShare] : []));
    expect(shares.length).toBeGreaterThan(0);
    expect(new Set(shares)).toEqual(new Set([0]));
  });

  test("not what package testing allocates", () => {
    const head = `
      #            10000000/640000000   10000000/320000000  90000000/900000000
      m.grow:10    m.grow:12          testing.(*B).run1:9
      m.Parse:40   m.Parse:40         .
      m.Bench:5    m.Bench:5          .
    `;
    expect(sites({ base: BASE, head })).toEqual([]);
  });
});

test("a profile of another kind is named, and one side alone says nothing", () => {
  const { findings, degraded } = analyzed([
    drawn({ side: "base", text: "# 5 \n m.F", kind: "alloc" }),
    drawn({ side: "head", text: BASE, kind: "alloc", options: OPTIONS }),
  ]);
  expect(findings).toEqual([]);
  expect(degraded.map(({ reason }) => reason)).toEqual([
    'allocation profile of example.com/m BenchmarkParse, base: not a profile of alloc: it has no values "alloc_space" or no period',
  ]);
});
