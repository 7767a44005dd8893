import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderCheckRun } from "../../src/report/check-run.ts";
import { firstLines, fitRows, OUTPUT_AIM, sizeOf } from "../../src/report/limits.ts";
import type { Report } from "../../src/report/report-schema.ts";
import { readTemplates } from "../../src/templates.ts";
import { metric, reportOf } from "./make-report.ts";

const templates = readTemplates();

describe("fitting rows into a budget", () => {
  const rows = (count: number) => "x".repeat(10 * count);
  test.each([
    [100, 5, 50],
    [35, 5, 30],
    [9, 5, 0],
    [0, 0, 0],
  ])("a budget of %i for %i rows of ten gives %i", (budget, total, expected) => {
    expect(fitRows(rows, total, budget)).toHaveLength(expected);
  });
});

test("a log is cut at a line's end and says how much is missing", () => {
  const log = Array.from({ length: 100 }, (_, at) => `line ${at}`).join("\n");
  const cut = firstLines(log, 100);
  expect(cut).toBe(
    "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\n… 92 more lines",
  );
  expect(firstLines("short", 100)).toBe("short");
});

/** `count` benchmarks with names of `length` letters, every tenth regressed. */
function largeReport(count: number, length: number, letter: string): Report {
  const name = (at: number) => `BenchmarkX${at}/${letter.repeat(length)}`;
  return reportOf(
    Array.from({ length: count }, (_, at) => at).flatMap((at) => {
      const benchmark = { cell: "local", package: "example.com/m", name: name(at) };
      const moved = at % 10 === 0;
      return [
        metric({ benchmark, change: moved ? 0.2 : 0, decision: moved ? "regressed" : "same" }),
        metric({ benchmark, metric: "allocs/op", comparison: "exact" }),
      ];
    }),
    {
      causes: Array.from({ length: count / 10 }, (_, at) => ({
        benchmark: name(at * 10),
        package: "example.com/m",
        metric: "p10-sec/op",
        function: `example.com/m.F${at}`,
        side: "head",
        kind: "code",
        chain: Array.from({ length: 30 }, () => letter.repeat(600)),
        proof: "static",
        text: letter.repeat(600),
      })),
    },
  );
}

describe("500 benchmarks", () => {
  test.each([
    ["plain", "x"],
    ["pipes, which take six characters each", "|"],
    ["mentions, which take eight", "@"],
    ["characters of four bytes", "𝛼"],
    ["what cannot be seen, which is written out", "\u{e0041}"],
  ])("of %s fit, cut at a row that says how many are missing", (_, letter) => {
    const draft = renderCheckRun({
      report: largeReport(500, 300, letter),
      findings: [],
      templates,
      diff: "",
      detailsUrl: "https://tailguard.example.com/runs/1",
    });
    const { summary, text = "" } = draft.output;
    expect(sizeOf(summary)).toBeLessThanOrEqual(OUTPUT_AIM);
    expect(sizeOf(text)).toBeLessThanOrEqual(OUTPUT_AIM);
    expect(sizeOf(text)).toBeGreaterThan(OUTPUT_AIM * 0.8);
    expect(text).toMatch(
      /\[\d+ more rows in the full report\]\(https:\/\/tailguard\.example\.com\/runs\/1\)/,
    );
    for (const row of text.split("\n").filter((line) => line.startsWith("|"))) {
      expect(row).toMatch(/\|$/);
    }
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });

  test("every row is shown or counted", () => {
    const draft = renderCheckRun({
      report: largeReport(500, 60, "x"),
      findings: [],
      templates,
      diff: "",
    });
    const [, same = ""] = (draft.output.text ?? "").split("Everything else measured");
    const shown = same.split("</details>")[0]?.match(/^\| `/gm)?.length ?? 0;
    const more = Number(/(\d+) more rows in the full report/.exec(same)?.[1]);
    expect(shown + more).toBe(950);
  });
});

test("the size of a text in bytes is never below its characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(sizeOf(text)).toBeGreaterThanOrEqual([...text].length);
    }),
  );
});
