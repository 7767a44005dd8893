import { expect, test } from "vitest";
import { deltaProfile, mergeProfiles, scaleProfile } from "../../src/pprof/combine.ts";
import { decodeProfile } from "../../src/pprof/decode.ts";
import { encodeProfile } from "../../src/pprof/encode.ts";
import type { Profile, ProfileLabel } from "../../src/pprof/profile.ts";
import { textProfile } from "../text-profile.ts";

function rows({ samples }: Profile): string[] {
  return samples.map(({ frames, values, labels }) =>
    [
      frames.map(({ function: { name }, line }) => `${name}:${line}`).join(" "),
      values.join("/"),
      ...labels.map(({ key, value }) => `${key}=${value}`),
    ].join(" "),
  );
}

const BASE = textProfile("#  2/20  4/40 \n m.F:1 m.G:2 \n m.B:9 m.B:9");
const HEAD = textProfile("#  3/30  1/10 \n m.F:1 m.H:7 \n m.B:9 m.B:9");

test("equal stacks of profiles are added up, others stay", () => {
  expect(rows(mergeProfiles([BASE, HEAD]))).toEqual([
    "m.F:1 m.B:9 5/50",
    "m.G:2 m.B:9 4/40",
    "m.H:7 m.B:9 1/10",
  ]);
});

test("samples with equal labels are one, in whatever order Go wrote the labels", () => {
  const label = (key: string, value: string) => ({ key, value, unit: "" });
  const [get, orders] = [label("method", "GET"), label("route", "/orders")];
  const labeled = (...labels: readonly ProfileLabel[]): Profile => ({
    ...BASE,
    samples: BASE.samples.slice(0, 1).map((sample) => ({ ...sample, labels })),
  });
  const merged = mergeProfiles([labeled(get, orders), labeled(orders, get), labeled(get)]);
  expect(rows(merged)).toEqual([
    "m.F:1 m.B:9 4/40 method=GET route=/orders",
    "m.F:1 m.B:9 2/20 method=GET",
  ]);
});

test("values are scaled and rounded as Go rounds; what becomes zero goes", () => {
  expect(rows(scaleProfile(BASE, [-0.25, -0.25]))).toEqual([
    "m.F:1 m.B:9 -1/-5",
    "m.G:2 m.B:9 -1/-10",
  ]);
  expect(rows(scaleProfile(BASE, [0.1, 0]))).toEqual([]);
});

test("the difference keeps base as negative samples with the tool's own label", () => {
  const delta = deltaProfile(BASE, HEAD, 0.5);
  expect(rows(delta)).toEqual([
    "m.F:1 m.B:9 3/30",
    "m.H:7 m.B:9 1/10",
    "m.F:1 m.B:9 -1/-10 pprof::base=true",
    "m.G:2 m.B:9 -2/-20 pprof::base=true",
  ]);
  const decoded = decodeProfile(encodeProfile(delta, { comments: ["why"], defaultType: "cpu" }));
  expect(decoded).toEqual({ kind: "profile", profile: delta });
});

test("profiles of two kinds are no one profile", () => {
  const other = textProfile("m.F", { sampleTypes: ["contentions/count", "delay/nanoseconds"] });
  expect(() => mergeProfiles([BASE, other])).toThrow("of one kind");
});

test("inlined frames come back as they were", () => {
  const profile = textProfile("+m.skip:7 +m.skip:7\n +m.white:9 +m.white:9\n m.Parse:20 m.Other:3");
  const decoded = decodeProfile(encodeProfile(profile));
  expect(decoded).toEqual({ kind: "profile", profile });
});
