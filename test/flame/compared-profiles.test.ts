import { expect, test } from "vitest";
import type { Finding } from "../../src/analyze/finding.ts";
import type { ProfileEvidence } from "../../src/evidence/evidence.ts";
import type { Side } from "../../src/evidence/manifest.ts";
import { type ComparedProfile, comparedProfiles } from "../../src/flame/compared-profiles.ts";
import { textProfileBytes } from "../text-profile.ts";

function cpu(side: Side, text: string, operations = 10): ProfileEvidence {
  const benchmark = { cell: "default", package: "example.com/m", benchmark: "BenchmarkB" };
  const record = { ...benchmark, side, kind: "cpu", run: 0, operations, file: "x.pb.gz" } as const;
  return { record, bytes: textProfileBytes(text) };
}

function compared(
  profiles: readonly ProfileEvidence[],
  findings: readonly Finding[] = [],
): ComparedProfile[] {
  return [...comparedProfiles({ packages: [], profiles }, findings)];
}

const MOVED: Finding = {
  kind: "function-share",
  benchmark: { cell: "default", package: "example.com/m", name: "BenchmarkB" },
  function: "m.Slow",
  file: "m/file.go",
  line: 1,
  baseFlat: 0.5,
  headFlat: 0.6,
  baseCum: 0.5,
  headCum: 0.6,
  baseSamples: 4,
  headSamples: 12,
  moved: true,
  costChange: 0.5,
};

const BASE = cpu("base", "#  2 2 \n m.Slow m.Same \n m.B m.B");
const HEAD = cpu("head", "#  8 4 \n m.Slow m.Same \n m.B m.B", 20);

test("movers are per operation, and significant only where the analysis says so", () => {
  expect(compared([BASE, HEAD], [MOVED])[0]?.moversMarkdown).toBe(
    `| function | flat Δ sec/op | cum Δ sec/op | significant |
|---|--:|--:|---|
| \`m.Slow\` | +2.000ms | +2.000ms | yes |
| \`m.B\` | 0 | +2.000ms | no |
`,
  );
});

test("a renamed function is one in the picture and the table, by both names", () => {
  const renamed: Finding = {
    kind: "moved-code",
    benchmark: { cell: "default", package: "example.com/m", name: "BenchmarkB" },
    how: "renamed",
    base: "m.Slow",
    head: "m.(*Reader).Slow",
    baseNs: 20e5,
    headNs: 40e5,
    change: "slower",
  };
  const head = cpu("head", "#  8 4 \n m.(*Reader).Slow m.Same \n m.B m.B", 20);
  const slower = { ...MOVED, function: "m.(*Reader).Slow" };
  const [apart] = compared([BASE, head], [slower]);
  expect(apart?.moversMarkdown).toContain("| `m.Slow` | -2.000ms |");
  const [one] = compared([BASE, head], [renamed, slower]);
  expect(one?.moversMarkdown).toContain(
    "| `m.(*Reader).Slow (base: m.Slow)` | +2.000ms | +2.000ms | yes |",
  );
  expect(one?.moversMarkdown).not.toContain("`m.Slow`");
  expect(one?.svg).toContain("m.(*Reader).Slow (base: m.Slow)");
  // For another benchmark nothing is said.
  const others = { ...renamed, benchmark: { ...renamed.benchmark, name: "BenchmarkOther" } };
  expect(compared([BASE, head], [others, slower])).toEqual([apart]);
});

test("folded stacks are those of each side", () => {
  expect(compared([BASE, HEAD])[0]?.folded).toEqual({
    base: "m.B;m.Same 20000000\nm.B;m.Slow 20000000\n",
    head: "m.B;m.Same 40000000\nm.B;m.Slow 80000000\n",
  });
});

test("a side that cannot be read leaves nothing to compare", () => {
  const cut = { ...HEAD, bytes: HEAD.bytes.slice(0, -5) };
  expect(compared([BASE])).toEqual([]);
  expect(compared([BASE, cut])).toEqual([]);
});

test("names cannot leave their place in the picture or the table", () => {
  const hostile = "</title><script>alert(1)</script>|`\u202e\0\u001b[31m\r";
  const [one] = compared([BASE, cpu("head", `#  8 \n ${hostile} \n m.B`)]);
  expect(one?.svg).not.toMatch(/<script|\u202e|[^\P{Cc}\n]| style=| on\w+=|href/u);
  expect(one?.svg).toContain("&lt;script&gt;");
  expect(one?.moversMarkdown).not.toMatch(/<script|\u202e|[^\P{Cc}\n]/u);
  for (const row of one?.moversMarkdown.trim().split("\n") ?? []) {
    expect(row.match(/\|/g)).toHaveLength(5);
  }
});

test("functions that call each other 4,000 times deep are drawn, folded and told once", () => {
  const turns = Array.from({ length: 2000 }, () => "m.A\n m.B").join("\n ");
  const deep = (side: "base" | "head", samples: number) =>
    cpu(side, `#  ${samples} \n ${turns} \n m.Bench`);
  const [one] = compared([deep("base", 100), deep("head", 150)]);
  expect(one?.svg.length).toBeLessThan(1_000_000);
  expect(one?.folded.head.split(";")).toHaveLength(4001);
  expect(one?.moversMarkdown).toContain("`m.A`");
});
