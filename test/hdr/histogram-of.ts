// Histograms from values, and from HdrHistogram's own JavaScript port, for tests.
import { deflateSync, inflateSync } from "node:zlib";
import { build, encodeIntoCompressedBase64, JsHistogram } from "hdr-histogram-js";
import { decodeHistogram } from "../../src/hdr/decode.ts";
import type { Histogram } from "../../src/hdr/histogram.ts";

/** The range of the recorder: 2^50 - 1 ps. */
export const HIGHEST = 2 ** 50 - 1;

export function peerOf(values: readonly number[], digits: 1 | 2 | 3 | 4 | 5 = 3): JsHistogram {
  const peer = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST,
    numberOfSignificantValueDigits: digits,
  });
  if (!(peer instanceof JsHistogram)) throw new Error("hdr-histogram-js built in WebAssembly");
  for (const value of values) peer.recordValue(value);
  return peer;
}

/**
 * A peer as HdrHistogram's Java code would encode it. hdr-histogram-js 3.0.1 writes a normalizing
 * offset of 1 where it means 0, and an integer where the conversion ratio is a double; it ignores
 * both when it reads (dist/JsHistogram.encoding.js, encodeIntoByteBuffer).
 */
export function textOf(peer: JsHistogram): string {
  const wrapped = Buffer.from(encodeIntoCompressedBase64(peer), "base64");
  const plain = inflateSync(wrapped.subarray(8));
  plain.writeInt32BE(0, 8);
  plain.writeDoubleBE(1, 32);
  const stream = deflateSync(plain);
  const header = Buffer.from(wrapped.subarray(0, 8));
  header.writeInt32BE(stream.length, 4);
  return Buffer.concat([header, stream]).toString("base64");
}

export function decoded(text: string): Histogram {
  const result = decodeHistogram(text);
  if (result.kind !== "decoded") throw new Error(result.reason);
  return result.histogram;
}
