// Our histograms against HdrHistogram's JavaScript port: strings both ways, and quantiles.
import fc from "fast-check";
import { decodeFromCompressedBase64 } from "hdr-histogram-js";
import { expect, test } from "vitest";
import { encodeHistogram } from "../../src/hdr/encode.ts";
import { bucketAt, mean, mergeHistograms, quantile } from "../../src/hdr/histogram.ts";
import { decoded, HIGHEST, peerOf, textOf } from "./histogram-of.ts";

const values = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: HIGHEST })),
  { minLength: 1, maxLength: 200 },
);
const digits = fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const);

test("what HdrHistogram encodes, we decode", () => {
  fc.assert(
    fc.property(values, digits, (sample, of) => {
      const peer = peerOf(sample, of);
      const ours = decoded(textOf(peer));
      expect(ours.totalCount).toBe(peer.totalCount);
      expect(ours.significantDigits).toBe(of);
      for (const value of sample) {
        const same = sample.filter(
          (other) => peer.lowestEquivalentValue(other) === peer.lowestEquivalentValue(value),
        );
        const at = ours.indexes.findIndex((index) => {
          const { low, width } = bucketAt(index, of);
          return low <= value && value < low + width;
        });
        expect(ours.counts[at]).toBe(same.length);
      }
    }),
    { numRuns: 60 },
  );
});

test("what we encode, HdrHistogram decodes", () => {
  fc.assert(
    fc.property(values, digits, (sample, of) => {
      const peer = peerOf(sample, of);
      const ours = decoded(textOf(peer));
      const back = decodeFromCompressedBase64(encodeHistogram(ours));
      expect(back.totalCount).toBe(peer.totalCount);
      expect(back.toJSON()).toEqual(decodeFromCompressedBase64(textOf(peer)).toJSON());
      expect(decoded(encodeHistogram(ours))).toEqual(ours);
    }),
    { numRuns: 60 },
  );
});

test("a quantile is in the bucket HdrHistogram names, and in the sample's range", () => {
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (sample, p) => {
      const peer = peerOf(sample);
      const ours = decoded(textOf(peer));
      const got = quantile(ours, p);
      // The peer gives the highest value of the bucket.
      const edge = peer.getValueAtPercentile(p * 100);
      const bucket = ours.indexes
        .map((index) => bucketAt(index, 3))
        .find(({ low, width }) => low <= edge && edge < low + width);
      expect(got).toBeGreaterThanOrEqual(bucket!.low);
      expect(got).toBeLessThanOrEqual(bucket!.low + bucket!.width);
    }),
    { numRuns: 100 },
  );
});

test("merging adds, in any order", () => {
  fc.assert(
    fc.property(values, values, (one, other) => {
      const [a, b] = [one, other].map((sample) => decoded(textOf(peerOf(sample))));
      const both = decoded(textOf(peerOf([...one, ...other])));
      expect(mergeHistograms([a!, b!])).toEqual(both);
      expect(mergeHistograms([b!, a!])).toEqual(both);
    }),
    { numRuns: 60 },
  );
});

test("merging refuses what cannot be added", () => {
  const one = decoded(textOf(peerOf([1])));
  expect(() => mergeHistograms([])).toThrow("no histogram");
  expect(() => mergeHistograms([one, { ...one, significantDigits: 2 }])).toThrow("layouts");
  const huge = { ...one, counts: [2 ** 52], totalCount: 2 ** 52 };
  expect(() => mergeHistograms([huge, huge])).toThrow("exactly");
});

test("empty and single-valued histograms", () => {
  const empty = decoded(textOf(peerOf([])));
  expect(empty.totalCount).toBe(0);
  expect(quantile(empty, 0.5)).toBeNaN();
  expect(mean(empty)).toBeNaN();
  const one = decoded(textOf(peerOf([7])));
  expect([0, 0.5, 1].map((p) => quantile(one, p))).toEqual([7, 7, 7]);
  expect(mean(one)).toBe(7);
});
