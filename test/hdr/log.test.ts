import fc from "fast-check";
import { HistogramLogReader } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { quantile } from "../../src/hdr/histogram.ts";
import { formatHistogramLog, type LogEntry, parseHistogramLog } from "../../src/hdr/log.ts";
import { decoded, peerOf, textOf } from "./histogram-of.ts";

const ROOM = 1 << 20;

function entry(tag: string, values: readonly number[], seconds = 1.5): LogEntry {
  return { tag, seconds, histogram: decoded(textOf(peerOf(values))) };
}

/** What hdr-histogram-js reads, by tag. */
function peerReads(text: string) {
  const reader = new HistogramLogReader(text, 64);
  const found: { tag: string; count: number; p99: number; seconds: number }[] = [];
  for (let next = reader.nextIntervalHistogram(); next != null; ) {
    found.push({
      tag: next.tag,
      count: next.totalCount,
      p99: next.getValueAtPercentile(99),
      seconds: (next.endTimeStampMsec - next.startTimeStampMsec) / 1000,
    });
    next = reader.nextIntervalHistogram();
  }
  return found;
}

test("a log as text", () => {
  const text = formatHistogramLog([entry("BenchmarkX/a,b", [1000, 2000])], ["a remark"]);
  const [version, remark, legend, line, end] = text.split("\n");
  expect([version, remark, end]).toEqual(["#[Histogram log format version 1.3]", "#a remark", ""]);
  expect(legend).toMatch(/^"StartTimestamp","Interval_Length"/);
  expect(line).toMatch(/^Tag=BenchmarkX\/a%2Cb,0\.000,1\.500,0\.002,[A-Za-z0-9+/=]+$/);
});

test("hdr-histogram-js reads it, and the same from it", () => {
  const values = Array.from({ length: 5000 }, (_, at) => 900_000 + 37 * at);
  const entries = [entry("BenchmarkX", values), entry("BenchmarkY/größe 1%", [1, 2 ** 40], 0.25)];
  const [x, y] = peerReads(formatHistogramLog(entries, []));
  expect([x?.tag, x?.count, x?.seconds]).toEqual(["BenchmarkX", 5000, 1.5]);
  expect([y?.count, y?.seconds]).toEqual([2, 0.25]);
  const ours = quantile(entries[0]!.histogram, 0.99);
  expect(Math.abs((x?.p99 ?? 0) / ours - 1)).toBeLessThan(2e-3);
});

test("any name comes back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (tag) => {
      const text = formatHistogramLog([entry(tag, [7])], []);
      expect(text.trimEnd().split("\n").length).toBe(3);
      const { entries, problems } = parseHistogramLog(text, ROOM);
      expect(problems).toEqual([]);
      expect(entries.map((one) => one.tag)).toEqual([tag]);
      expect(peerReads(text).length).toBe(1);
    }),
  );
});

test("half a surrogate pair, which JSON can hold, becomes the sign for what is no character", () => {
  const { entries } = parseHistogramLog(formatHistogramLog([entry("a\ud800b", [7])], []), ROOM);
  expect(entries[0]?.tag).toBe("a\ufffdb");
});

function check(lines: readonly string[], problem: string) {
  const good = formatHistogramLog([entry("BenchmarkX", [7])], []);
  const { entries, problems } = parseHistogramLog(`${good}${lines.join("\n")}\n`, ROOM);
  expect(entries.length).toBe(1);
  expect(problems[0]?.line).toBe(4);
  expect(problems[0]?.message).toContain(problem);
}

test("lines of strangers are problems, and the rest is kept", () => {
  const histogram = textOf(peerOf([7]));
  check(["0.0,1.0,1.0,HISTFAAAA"], "not a tagged interval");
  check([`Tag=A,0,1,1,${histogram},more`], "not a tagged interval");
  check([`Tag=%zz,0,1,1,${histogram}`], "not a tag of ours");
  check([`Tag=A,0,-1,1,${histogram}`], "not an interval's length");
  check([`Tag=A,0,1e9,1,${histogram}`], "not an interval's length");
  check(["Tag=A,0,1,1,HISTFAAAA"], "compressed V2");
  check([`Tag=A,0,1,1,${"A".repeat(2_000_000)}`], "longer than any histogram");
});

test("no more buckets than there is room for, and no more problems than are read", () => {
  const text = formatHistogramLog([entry("A", [1, 2, 3]), entry("B", [1, 2])], []);
  const { entries, buckets, problems } = parseHistogramLog(text, 4);
  expect([entries.length, buckets, problems.length]).toEqual([1, 3, 1]);
  expect(parseHistogramLog("x\n".repeat(1000), ROOM).problems.length).toBe(100);
});
