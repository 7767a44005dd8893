// Profiles of a wanted size that look like those of a large program, made of real ones from a seed.
//
// The stacks are those of the recorded CPU profiles (test/testdata/profiles). A larger program calls
// the same library from more places, so stacks are grown by what real ones do: where two stacks run
// through the same function, the callers of one and the callees of the other make a third one.
// Functions outside the runtime get a copy per part of the program, and calls stand at several lines.
// Counts are heavy-tailed, as they are. Base and head are drawn from the same stacks, one in ten of
// them on one side only, and in head one part of the program costs half as much again.
import { gzipSync } from "node:zlib";
import { encodeProfile } from "../../src/pprof/encode.ts";
import type { Profile, ProfileFrame, ProfileSample } from "../../src/pprof/profile.ts";
import { nextFloat, pick, type Random, seededRandom } from "../../src/stats/random.ts";
import { readRecorded, recordedProfiles } from "../../test/pprof/recorded-profiles.ts";

export type MadeProfiles = {
  /** Packed with gzip, as Go writes them. */
  readonly base: Uint8Array;
  readonly head: Uint8Array;
  /** Of base. */
  readonly samples: number;
  readonly frames: number;
  readonly unpackedBytes: number;
};

/** Frames of a stack: the runtime records 64 physical ones, inlined ones come on top. */
const DEPTH_MAX = 100;
const SPLICES_MAX = 3;
/** Stacks to a part of the program: a few thousand functions at 3 MB. */
const STACKS_PER_PART = 4000;
const LINES_PER_CALL = 3;
const ONE_SIDE_ONLY = 0.1;
const SLOWER = 1.5;
const PERIOD_NS = 10_000_000;
/** Of the wanted size. */
const TOLERANCE = 0.03;

type Stack = readonly ProfileFrame[];
type Draw = () => { readonly frames: Stack; readonly part: number };

/** Two profiles of about `packedBytes` each. */
export function makeProfiles(packedBytes: number, seed: number): MadeProfiles {
  let count = Math.ceil(packedBytes / 64);
  for (;;) {
    const { base, head } = drawSides(count, seededRandom(seed));
    const unpacked = encodeProfile(base);
    const packed = gzipSync(unpacked);
    if (Math.abs(packed.length / packedBytes - 1) <= TOLERANCE) {
      return {
        base: packed,
        head: gzipSync(encodeProfile(head)),
        samples: base.samples.length,
        frames: base.samples.reduce((sum, { frames }) => sum + frames.length, 0),
        unpackedBytes: unpacked.length,
      };
    }
    count = Math.round((count * packedBytes) / packed.length);
  }
}

function drawSides(count: number, random: Random): { base: Profile; head: Profile } {
  const draw = stackSource(random, Math.ceil(count / STACKS_PER_PART));
  const [base, head]: [ProfileSample[], ProfileSample[]] = [[], []];
  for (let at = 0; at < count; at++) {
    const { frames, part } = draw();
    const samples = Math.ceil(0.5 / nextFloat(random) ** 0.7);
    const grown = samples * (0.8 + 0.4 * nextFloat(random)) * (part === 0 ? SLOWER : 1);
    const side = nextFloat(random);
    if (side >= ONE_SIDE_ONLY / 2) base.push(sampleOf(frames, samples));
    if (side < 1 - ONE_SIDE_ONLY / 2) head.push(sampleOf(frames, Math.ceil(grown)));
  }
  return { base: profileOf(base), head: profileOf(head) };
}

function sampleOf(frames: Stack, samples: number): ProfileSample {
  return { frames, values: [samples, samples * PERIOD_NS], labels: [] };
}

function profileOf(samples: readonly ProfileSample[]): Profile {
  const cpu = { type: "cpu", unit: "nanoseconds" };
  const sampleTypes = [{ type: "samples", unit: "count" }, cpu];
  return { sampleTypes, samples, period: PERIOD_NS, periodType: cpu, durationNs: 60e9 };
}

function stackSource(random: Random, parts: number): Draw {
  const stacks = recordedProfiles()
    .filter(({ kind }) => kind === "cpu")
    .flatMap((one) => readRecorded(one).samples.map(({ frames }) => frames));
  const places = new Map<string, { stack: Stack; at: number }[]>();
  for (const stack of stacks) {
    stack.forEach((frame, at) => {
      const { name } = frame.function;
      const known = places.get(name);
      if (known === undefined) places.set(name, [{ stack, at }]);
      else known.push({ stack, at });
    });
  }
  const copy = frameCopies();
  return () => {
    let frames = pick(random, stacks);
    const splices = Math.floor(nextFloat(random) * (SPLICES_MAX + 1));
    for (let splice = 0; splice < splices; splice++) {
      const at = Math.floor(nextFloat(random) * frames.length);
      const other = pick(random, places.get((frames[at] as ProfileFrame).function.name) ?? []);
      frames = [...other.stack.slice(0, other.at), ...frames.slice(at)].slice(-DEPTH_MAX);
    }
    // Parts are not used alike.
    const part = Math.floor(nextFloat(random) ** 2 * parts);
    const copied = frames.map((frame) =>
      copy(frame, part, Math.floor(nextFloat(random) ** 3 * LINES_PER_CALL)),
    );
    return { frames: copied, part };
  };
}

/** The runtime and the harness are in a program once. */
const ONCE = /^(runtime|internal\/runtime|testing|syscall|gcWriteBarrier|memeqbody|cmpbody)\b/;

/** A frame as the given part of the program has it, `lines` further down. */
function frameCopies(): (frame: ProfileFrame, part: number, lines: number) => ProfileFrame {
  const copies = new Map<ProfileFrame, ProfileFrame[]>();
  return (frame, part, lines) => {
    const own = copies.get(frame) ?? [];
    copies.set(frame, own);
    const at = part * LINES_PER_CALL + lines;
    const known = own[at];
    if (known !== undefined) return known;
    const { name, file, startLine } = frame.function;
    const prefix = ONCE.test(name) ? "" : `shop.example/part${part}/`;
    const copied = { name: prefix + name, file: prefix + file, startLine };
    const copy = { function: copied, line: frame.line + lines, inlined: frame.inlined };
    own[at] = copy;
    return copy;
  };
}
