import { describe, expect, test } from "vitest";
import type { StackFinding } from "../../../src/analyze/profile-finding.ts";
import type { Side } from "../../../src/evidence/manifest.ts";
import { analyzed, drawn } from "./profiled.ts";

/** Samples of a run by stack, leaf first. */
type Counts = Readonly<Record<string, number>>;

const RUNS = 8;

/** Runs that differ by a twentieth, up and down in turn. */
function runsOf(side: Side, of: (run: number) => Counts) {
  return Array.from({ length: RUNS }, (_, run) => {
    const counts = of(run);
    const stacks = Object.keys(counts).map((stack) => stack.split(" "));
    const depth = Math.max(...stacks.map((frames) => frames.length));
    const jitter = 1 + (run % 2 === 0 ? 1 : -1) / 20;
    const rows = Array.from({ length: depth }, (_, row) =>
      stacks.map((frames) => {
        const name = frames[row - (depth - frames.length)];
        return name === undefined ? "." : name.includes(".") ? name : `m.${name}`;
      }),
    );
    const values = Object.values(counts).map((count) => Math.round(count * jitter));
    const text = [["#", ...values], ...rows].map((row) => row.join(" ")).join("\n");
    return drawn({ side, run, text });
  });
}

/** The paths that are shown, "base>head [of WAYS] leaf … root", shares in percent. */
function paths(base: Counts, head: Counts | ((run: number) => Counts)): string[] {
  const headOf = typeof head === "function" ? head : () => head;
  const percent = (share: number) => (100 * share).toFixed(0);
  return analyzed([...runsOf("base", () => base), ...runsOf("head", headOf)])
    .findings.filter((at): at is StackFinding => at.kind === "stack")
    .map(({ baseShare, headShare, frames, ways = 1 }) => {
      const names = frames.map((frame) => frame.function.replace(/^m\./, ""));
      const way = ways === 1 ? "" : ` of ${ways}`;
      return `${percent(baseShare)}>${percent(headShare)}${way} ${names.join(" ")}`;
    });
}

describe("a function that grew by itself", () => {
  const BASE = { "run Bench": 40, "eval run Bench": 300, "fetch run Bench": 260 };

  test("ends its path, though dear callees hide that in what passes it", () => {
    expect(paths(BASE, { ...BASE, "run Bench": 80 })).toEqual(["7>13 run Bench"]);
  });

  test("that fell is told where nothing grew", () => {
    expect(paths({ ...BASE, "run Bench": 80 }, BASE)).toEqual(["13>7 run Bench"]);
  });

  test("is shown by the way that most of it came, where each of many ways is thin", () => {
    const ways = (counts: readonly number[]) =>
      Object.fromEntries(
        counts.flatMap((count, at) => [
          [`trim way${at} Bench`, count],
          [`skip way${at} Bench`, 60],
        ]),
      );
    expect(paths(ways([2, 2, 2, 2, 2, 2, 2, 2]), ways([3, 3, 3, 5, 3, 3, 3, 3]))).toEqual([
      "0>1 of 8 trim way3 Bench",
    ]);
  });

  test("is told beside a path that leads elsewhere", () => {
    expect(paths(BASE, { ...BASE, "run Bench": 90, "scan Worker": 200 })).toEqual([
      "0>24 scan Worker",
      "7>11 run Bench",
    ]);
  });

  test("ends its path, though one run has an outlier below it and what it calls moved a little", () => {
    const base = { "add Bench": 100, "grow add Bench": 3, "resize grow add Bench": 400 };
    const head = (run: number) => ({
      "add Bench": 180,
      "grow add Bench": 20,
      "resize grow add Bench": run === 5 ? 1500 : 400,
    });
    expect(paths(base, head)[0]).toMatch(/ add Bench$/);
    expect(paths(base, head)[0]).not.toContain("grow");
  });

  test("is not told below an end that gained more by itself", () => {
    const base = { "run Bench": 200, "copy run Bench": 100, "eval Bench": 500 };
    const head = { "run Bench": 400, "copy run Bench": 150, "eval Bench": 500 };
    expect(paths(base, head)).toEqual(["38>52 run Bench"]);
  });
});

test("an allocation that ends in many leaves comes before a smaller path with one", () => {
  const leaves = Array.from({ length: 10 }, (_, at) => [`leaf${at} malloc parse Bench`, 14]);
  const head = { "skip Bench": 600, ...Object.fromEntries(leaves), "advise scavenge": 40 };
  const [first] = paths({ "skip Bench": 600 }, head);
  expect(first).toMatch(/^0>2 leaf\d malloc parse Bench$/);
});
