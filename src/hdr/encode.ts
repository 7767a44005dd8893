// Writes HdrHistogram V2 log strings (decode.ts has the format), for evidence that other tools read.
import { deflateSync } from "node:zlib";
import { HEADER_BYTES } from "./decode.ts";
import type { Histogram } from "./histogram.ts";

const COOKIE = 0x1c849303 | 0x10;
const COMPRESSED_COOKIE = 0x1c849304 | 0x10;

/** The histogram as base64 of a compressed V2 payload. */
export function encodeHistogram(histogram: Histogram): string {
  const bytes: number[] = [];
  let next = 0;
  for (const [at, index] of histogram.indexes.entries()) {
    if (index > next) pushZigZag(bytes, next - index);
    pushZigZag(bytes, histogram.counts[at] as number);
    next = index + 1;
  }
  const plain = Buffer.alloc(HEADER_BYTES + bytes.length);
  plain.writeInt32BE(COOKIE, 0);
  plain.writeInt32BE(bytes.length, 4);
  plain.writeInt32BE(histogram.significantDigits, 12);
  plain.writeBigInt64BE(1n, 16);
  plain.writeBigInt64BE(BigInt(histogram.highestTrackableValue), 24);
  plain.writeDoubleBE(1, 32);
  plain.set(bytes, HEADER_BYTES);
  const compressed = deflateSync(plain, { level: 9 });
  const wrapped = Buffer.alloc(8 + compressed.length);
  wrapped.writeInt32BE(COMPRESSED_COOKIE, 0);
  wrapped.writeInt32BE(compressed.length, 4);
  wrapped.set(compressed, 8);
  return wrapped.toString("base64");
}

function pushZigZag(bytes: number[], value: number): void {
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  for (let n = 0; n < 8; n++) {
    if (rest < 0x80) {
      bytes.push(rest);
      return;
    }
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
