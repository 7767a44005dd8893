// HdrHistogram's interval log, version 1.3: one line a histogram, which every HdrHistogram library,
// its plotter and its viewers read (HistogramLogWriter.java).
//
//   #[Histogram log format version 1.3]
//   "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//   Tag=BenchmarkParse/large,0.000,1.234,5.678,HISTFAAA…
//
// A tag may hold no comma, space or line break; a benchmark's name may. So what is not plain is
// written as %XX, as in a URL.
import { decodeHistogram } from "./decode.ts";
import { encodeHistogram } from "./encode.ts";
import { bucketAt, type Histogram } from "./histogram.ts";
import { MAX_HISTOGRAM_LENGTH, MAX_LOG_ENTRIES, MAX_PROBLEMS, MAX_TAG_LENGTH } from "./limits.ts";

export type LogEntry = {
  readonly tag: string;
  /** Interval_Length: the time in which the values were recorded. */
  readonly seconds: number;
  readonly histogram: Histogram;
};

export type HistogramLog = {
  readonly entries: readonly LogEntry[];
  /** For people, at most 100, each with its line. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  /** Filled buckets of all entries together. */
  readonly buckets: number;
};

const VERSION = "#[Histogram log format version 1.3]";
const LEGEND = '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"';

/** The log as text; `comments` are lines for people, without line breaks. */
export function formatHistogramLog(
  entries: readonly LogEntry[],
  comments: readonly string[],
): string {
  const lines = entries.map(({ tag, seconds, histogram }) => {
    // Values are divided by a million, as the format's writers do with nanoseconds.
    const largest = highestValue(histogram) / 1e6;
    const numbers = [0, seconds, largest].map((value) => value.toFixed(3));
    return [`Tag=${encodeTag(tag)}`, ...numbers, encodeHistogram(histogram)].join(",");
  });
  return `${[VERSION, ...comments.map((text) => `#${text}`), LEGEND, ...lines].join("\n")}\n`;
}

/** Reads a log of at most so many filled buckets. Lines that do not fit are problems, no throws. */
export function parseHistogramLog(text: string, maxBuckets: number): HistogramLog {
  const entries: LogEntry[] = [];
  const problems: { line: number; message: string }[] = [];
  let buckets = 0;
  for (const [at, line] of text.split("\n").entries()) {
    if (line === "" || line.startsWith("#") || line.startsWith('"')) continue;
    const entry = parseLine(line);
    const problem =
      typeof entry === "string"
        ? entry
        : entries.length === MAX_LOG_ENTRIES ||
            buckets + entry.histogram.indexes.length > maxBuckets
          ? "more than any log of ours holds"
          : undefined;
    if (problem !== undefined) {
      if (problems.length < MAX_PROBLEMS) problems.push({ line: at + 1, message: problem });
    } else if (typeof entry !== "string") {
      entries.push(entry);
      buckets += entry.histogram.indexes.length;
    }
  }
  return { entries, problems, buckets };
}

function parseLine(line: string): LogEntry | string {
  if (line.length > MAX_TAG_LENGTH + MAX_HISTOGRAM_LENGTH) return "longer than any histogram";
  const fields = line.split(",", 6);
  const [tag = "", , length = "", , encoded = ""] = fields;
  if (fields.length !== 5 || !tag.startsWith("Tag=")) return "not a tagged interval";
  const name = decodeTag(tag.slice("Tag=".length));
  if (name === undefined) return "not a tag of ours";
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(length)) return "not an interval's length";
  const decoded = decodeHistogram(encoded);
  if (decoded.kind === "invalid") return decoded.reason;
  return { tag: name, seconds: Number(length), histogram: decoded.histogram };
}

function encodeTag(tag: string): string {
  // Half a surrogate pair is no character and has no bytes.
  const text = tag.replace(/\p{Surrogate}/gu, "\uFFFD");
  return text.replace(/[^!-~]|[%,"]/gu, (found) => encodeURIComponent(found));
}

function decodeTag(tag: string): string | undefined {
  try {
    return decodeURIComponent(tag);
  } catch {
    return undefined; // A "%" that starts no byte, or bytes that are no text.
  }
}

function highestValue({ indexes, significantDigits }: Histogram): number {
  const last = indexes.at(-1);
  if (last === undefined) return 0;
  const { low, width } = bucketAt(last, significantDigits);
  return low + width - 1;
}
