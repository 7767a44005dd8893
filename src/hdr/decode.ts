// Reads HdrHistogram V2 log strings: base64 of a cookie, a length and a zlib stream; in it a header
// of 40 bytes and counts as ZigZag LEB128, runs of empty buckets as negative numbers.
//
// An own reader, because hdr-histogram-js unpacks whatever it is given and allocates every bucket;
// ours comes from a process of strangers' code. Held to hdr-histogram-js in test/hdr/.
import { inflateSync } from "node:zlib";
import { bucketCountOf, type Histogram } from "./histogram.ts";
import { MAX_BUCKETS, MAX_HISTOGRAM_LENGTH, MAX_PAYLOAD_BYTES } from "./limits.ts";

export type DecodedHistogram =
  | { readonly kind: "decoded"; readonly histogram: Histogram }
  | { readonly kind: "invalid"; readonly reason: string };

const COOKIE = 0x1c849303 | 0x10;
const COMPRESSED_COOKIE = 0x1c849304 | 0x10;
export const HEADER_BYTES = 40;

/** Reads one string. Only integer histograms that start at 1 are known, which ours are. */
export function decodeHistogram(text: string): DecodedHistogram {
  if (text.length > MAX_HISTOGRAM_LENGTH) return invalid("longer than any histogram of ours");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return invalid("not base64");
  const wrapped = Buffer.from(text, "base64");
  if (wrapped.length < 8 || wrapped.readInt32BE(0) !== COMPRESSED_COOKIE) {
    return invalid("not a compressed V2 histogram");
  }
  if (wrapped.readInt32BE(4) !== wrapped.length - 8) return invalid("cut, or followed by more");
  const plain = inflate(wrapped.subarray(8));
  if (plain === undefined) return invalid("its zlib stream is damaged or too large");
  return readPlain(plain);
}

function invalid(reason: string): DecodedHistogram {
  return { kind: "invalid", reason };
}

function inflate(stream: Buffer): Buffer | undefined {
  try {
    return inflateSync(stream, { maxOutputLength: MAX_PAYLOAD_BYTES });
  } catch {
    return undefined; // Every reason is the same to the caller: the stream is not one of ours.
  }
}

function readPlain(plain: Buffer): DecodedHistogram {
  if (plain.length < HEADER_BYTES || plain.readInt32BE(0) !== COOKIE) {
    return invalid("not a V2 histogram inside");
  }
  const significantDigits = plain.readInt32BE(12);
  const highestTrackableValue = Number(plain.readBigInt64BE(24));
  if (plain.readInt32BE(4) !== plain.length - HEADER_BYTES)
    return invalid("a wrong payload length");
  if (plain.readInt32BE(8) !== 0) return invalid("a shifted histogram");
  if (significantDigits < 1 || significantDigits > 5) return invalid("not 1 to 5 digits");
  if (plain.readBigInt64BE(16) !== 1n) return invalid("values that do not start at 1");
  if (highestTrackableValue < 2 || !Number.isSafeInteger(highestTrackableValue)) {
    return invalid("a range beyond 2^53");
  }
  if (plain.readDoubleBE(32) !== 1) return invalid("a histogram of scaled values");
  const buckets = bucketCountOf(significantDigits, highestTrackableValue);
  if (buckets > MAX_BUCKETS) return invalid("too many buckets");
  const read = readCounts(plain, buckets);
  if (typeof read === "string") return invalid(read);
  return { kind: "decoded", histogram: { significantDigits, highestTrackableValue, ...read } };
}

function readCounts(
  plain: Buffer,
  buckets: number,
): string | Pick<Histogram, "indexes" | "counts" | "totalCount"> {
  const indexes: number[] = [];
  const counts: number[] = [];
  let totalCount = 0;
  let index = 0;
  for (let at = HEADER_BYTES; at < plain.length; ) {
    const number = readZigZag(plain, at);
    if (number === undefined) return "a count that is cut";
    at = number.end;
    if (!Number.isSafeInteger(number.value)) return "a count beyond 2^53";
    if (number.value < 0) {
      index -= number.value;
      if (index > buckets) return "more buckets than its range has";
      continue;
    }
    if (index >= buckets) return "more buckets than its range has";
    if (number.value > 0) {
      indexes.push(index);
      counts.push(number.value);
      totalCount += number.value;
    }
    index++;
  }
  if (!Number.isSafeInteger(totalCount)) return "counts beyond 2^53 together";
  return { indexes, counts, totalCount };
}

/** A number of at most 9 bytes; the ninth has no continuation bit. Exact up to 2^53. */
function readZigZag(
  bytes: Buffer,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let zigZag = 0;
  let weight = 1;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const isLast = at === start + 8;
    zigZag += (isLast ? byte : byte & 0x7f) * weight;
    if (isLast || byte < 0x80) {
      const half = Math.floor(zigZag / 2);
      return { value: zigZag % 2 === 0 ? half : -half - 1, end: at + 1 };
    }
    weight *= 128;
  }
  return undefined;
}
