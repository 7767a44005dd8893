import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { barExtent, barOf } from "../../src/report/interval-bar.ts";
import { sortedRows } from "../../src/report/rows.ts";
import { readTemplates } from "../../src/templates.ts";
import { metric, reported, reportOf } from "./make-report.ts";

const html = renderHtml({ report: reportOf([metric()]), templates: readTemplates() });

describe("one inert file", () => {
  test("its policy allows its own style sheet and nothing else", () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64").replaceAll("=", "&#x3D;");
    expect(policy).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });
  test("nothing is loaded and nothing runs", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|@import|url\(/i);
  });
});

describe("bars", () => {
  const bar = (over: Parameters<typeof reported>[0], extent: number) =>
    barOf(reported(over), extent);
  test("stand on one scale", () => {
    expect(bar({ change: 0.1, low: 0.05, high: 0.2 }, 0.2)).toEqual({
      low: 110.5,
      high: 172,
      point: 131,
      length: 61.5,
      bandStart: 77.7,
      bandLength: 24.6,
      isExact: false,
      isCutLow: false,
      isCutHigh: false,
    });
  });
  test("are cut at the edge and say so", () => {
    const cut = bar({ change: 0.3, low: -0.9, high: 0.6 }, 0.2);
    expect([cut.low, cut.high, cut.isCutLow, cut.isCutHigh]).toEqual([8, 172, true, true]);
  });
  test("start at zero for what is exact, also from nothing", () => {
    const none = bar({ comparison: "exact", change: Number.POSITIVE_INFINITY }, 0.2);
    expect([none.low, none.point, none.isCutHigh]).toEqual([90, 172, true]);
  });
  test.each([
    [0.194, 0.2],
    [0.002, 0.02],
    [0.03, 0.03],
    [7, 1],
  ])("a largest end of %d gives a scale of %d", (high, extent) => {
    const rows = sortedRows(reportOf([metric({ low: 0, high })]));
    expect(barExtent(rows)).toBeCloseTo(extent);
  });
});

test("a flame graph comes with the profile that it shows", () => {
  const delta = gzipSync("a profile");
  const page = renderHtml({
    report: reportOf([metric()]),
    templates: readTemplates(),
    flames: [{ label: "Parse (cpu)", svg: "<svg></svg>", name: "01-Parse.cpu.delta.pb.gz", delta }],
  });
  const [, name, text = ""] =
    /<a download="([^"]+)" href="data:application\/octet-stream;base64,([^"]+)">/.exec(page) ?? [];
  expect(name).toBe("01-Parse.cpu.delta.pb.gz");
  const base64 = text.replaceAll("&#x3D;", "=");
  expect(gunzipSync(Buffer.from(base64, "base64")).toString()).toBe("a profile");
});
