// Histogram strings made to harm: bombs, wrong sizes, counts that are negative or too large.
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeHistogram } from "../../src/hdr/decode.ts";
import { HIGHEST, peerOf, textOf } from "./histogram-of.ts";

type Parts = {
  readonly cookie?: number;
  readonly payload?: readonly number[];
  readonly payloadLength?: number;
  readonly offset?: number;
  readonly digits?: number;
  readonly lowest?: bigint;
  readonly highest?: bigint;
  readonly ratio?: number;
  readonly outerCookie?: number;
  readonly outerLength?: number;
};

/** A histogram string with chosen parts wrong. */
function forge(parts: Parts): string {
  const payload = parts.payload ?? [2];
  const plain = Buffer.alloc(40 + payload.length);
  plain.writeInt32BE(parts.cookie ?? 0x1c849313, 0);
  plain.writeInt32BE(parts.payloadLength ?? payload.length, 4);
  plain.writeInt32BE(parts.offset ?? 0, 8);
  plain.writeInt32BE(parts.digits ?? 3, 12);
  plain.writeBigInt64BE(parts.lowest ?? 1n, 16);
  plain.writeBigInt64BE(parts.highest ?? BigInt(HIGHEST), 24);
  plain.writeDoubleBE(parts.ratio ?? 1, 32);
  plain.set(payload, 40);
  return wrap(plain, parts);
}

function wrap(plain: Buffer, parts: Parts = {}): string {
  const stream = deflateSync(plain);
  const wrapped = Buffer.alloc(8 + stream.length);
  wrapped.writeInt32BE(parts.outerCookie ?? 0x1c849314, 0);
  wrapped.writeInt32BE(parts.outerLength ?? stream.length, 4);
  wrapped.set(stream, 8);
  return wrapped.toString("base64");
}

function check(text: string, reason: string): void {
  expect(decodeHistogram(text)).toEqual({ kind: "invalid", reason });
}

test("a forged string with nothing wrong is read", () => {
  expect(decodeHistogram(forge({ payload: [2, 1, 4] }))).toMatchObject({
    histogram: { indexes: [0, 2], counts: [1, 2], totalCount: 3 },
  });
});

test("every part that is wrong is named", () => {
  check("x".repeat(2_000_000), "longer than any histogram of ours");
  check("<script>", "not base64");
  check("", "not a compressed V2 histogram");
  check(forge({ outerCookie: 1 }), "not a compressed V2 histogram");
  check(forge({ outerLength: 5 }), "cut, or followed by more");
  check(forge({ outerLength: -1 }), "cut, or followed by more");
  check(forge({ cookie: 1 }), "not a V2 histogram inside");
  check(forge({ payloadLength: 100 }), "a wrong payload length");
  check(forge({ offset: 3 }), "a shifted histogram");
  check(forge({ digits: 0 }), "not 1 to 5 digits");
  check(forge({ digits: 2_000_000_000 }), "not 1 to 5 digits");
  check(forge({ lowest: 1000n }), "values that do not start at 1");
  check(forge({ highest: 2n ** 62n }), "a range beyond 2^53");
  check(forge({ highest: -1n }), "a range beyond 2^53");
  check(forge({ digits: 5, highest: 2n ** 50n }), "too many buckets");
  check(forge({ ratio: Number.NaN }), "a histogram of scaled values");
  check(forge({ payload: [0x80] }), "a count that is cut");
  check(forge({ payload: Array(9).fill(0xff) }), "a count beyond 2^53");
  check(forge({ payload: [0xff, 0xff, 0xff, 0x7f] }), "more buckets than its range has");
  check(forge({ payload: [0x83, 0x90, 0x05, 2] }), "more buckets than its range has");
  const most = [0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]; // 2^52 - 2
  check(forge({ payload: [...most, ...most, ...most] }), "counts beyond 2^53 together");
});

test("a bomb unpacks no further than its limit", () => {
  check(wrap(Buffer.alloc(50 << 20)), "its zlib stream is damaged or too large");
});

test("damaged strings never throw", () => {
  const good = textOf(peerOf([1, 1000, 1_000_000, HIGHEST]));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.base64String({ maxLength: 8 }), (at, patch) => {
      const result = decodeHistogram(good.slice(0, at) + patch + good.slice(at + patch.length));
      if (result.kind === "decoded") {
        const sum = result.histogram.counts.reduce((total, one) => total + one, 0);
        expect(sum).toBe(result.histogram.totalCount);
      }
    }),
    { numRuns: 500 },
  );
});
