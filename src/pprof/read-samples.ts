// The samples of a profile.proto, read in one pass into lists of numbers.
//
// Samples are most of a profile: a hundred thousand messages of twenty numbers. The library makes
// three objects of every number, so they are read here, by the grammar of proto/profile.proto
// (message Sample, message Label), from bytes that wire.ts found whole. Damage is named as it comes:
// number of values, frames, values, labels.
import { damage, TooManyFrames } from "./damage.ts";
import type { ProfileLimits } from "./limits.ts";
import {
  type Cursor,
  integer,
  type Numeric,
  readFields,
  readNumeric,
  safeInteger,
} from "./numeric.ts";
import type { PackedSamples, ProfileLabel } from "./profile.ts";
import { type Locations, placeOf, type Text } from "./resolve-locations.ts";
import type { Spans } from "./split-profile.ts";
import { LENGTH } from "./wire.ts";

/** The samples as far as they are read. */
type Reading = {
  readonly cursor: Cursor;
  readonly locations: Locations;
  readonly limits: ProfileLimits;
  readonly types: number;
  readonly values: Float64Array;
  places: Int32Array;
  /** Frames so far. */
  used: number;
};

type Span = readonly [start: number, end: number];

type Tables = {
  readonly text: Text;
  readonly limits: ProfileLimits;
  readonly locations: Locations;
  /** Sample types. */
  readonly types: number;
};

/** All samples of `bytes`, at `spans`; throws Damage that names the sample. */
export function readSamples(bytes: Uint8Array, spans: Spans, tables: Tables): PackedSamples {
  const { text, limits, locations, types } = tables;
  const count = spans.length / 2;
  const ends = new Int32Array(count);
  const labelSetOf = new Int32Array(count);
  const labels = labelReader(bytes, text);
  const reading: Reading = {
    cursor: { bytes, at: 0 },
    locations,
    limits,
    types,
    // What is beyond the limit was refused, or a sample before it has too few values.
    values: new Float64Array(Math.min(count * types, limits.locationIds)),
    places: new Int32Array(Math.min(bytes.length, limits.frames)),
    used: 0,
  };
  for (let at = 0; at < count; at++) {
    const own = readSample(reading, at, [spans[2 * at] as number, spans[2 * at + 1] as number]);
    ends[at] = reading.used;
    if (own !== NO_LABELS) labelSetOf[at] = labels.setOf(own, at);
  }
  const { values, places, used } = reading;
  return { places: places.subarray(0, used), ends, values, labelSetOf, labelSets: labels.sets };
}

const NO_LABELS: Span[] = [];

/** Adds frames and values of one sample; gives where its labels are. */
function readSample(reading: Reading, at: number, [start, end]: Span): readonly Span[] {
  const { cursor, limits, types } = reading;
  const first = reading.used;
  let labels = NO_LABELS;
  let valueCount = 0;
  let frameProblem: string | undefined;
  let valueProblem: string | undefined;
  cursor.at = start;
  while (cursor.at < end) {
    const tag = cursor.bytes[cursor.at++] as number;
    const field = tag >> 3;
    const last = (tag & 7) === LENGTH ? Number(readNumeric(cursor)) + cursor.at : cursor.at + 1;
    if (field === 1) {
      while (cursor.at < last) {
        const id = readNumeric(cursor);
        frameProblem ??= addFrames(reading, id, first, at);
      }
    } else if (field === 2) {
      for (; cursor.at < last; valueCount++) {
        const value = safeInteger(readNumeric(cursor));
        if (value === undefined) valueProblem ??= `a value of sample ${at} is beyond 2^53`;
        else if (valueCount < types) reading.values[at * types + valueCount] = value;
      }
    } else if (field === 3) {
      if (labels === NO_LABELS) labels = [];
      labels.push([cursor.at, last]);
      cursor.at = last;
    } else readNumeric(cursor);
  }
  if (valueCount !== types) {
    damage(`sample ${at} has ${valueCount} values for ${types} sample types`);
  }
  if (frameProblem !== undefined) damage(frameProblem);
  if (reading.used > limits.frames) {
    throw new TooManyFrames(`its stacks hold more than the limit of ${limits.frames} frames`);
  }
  if (valueProblem !== undefined) damage(valueProblem);
  return labels;
}

/** The frames of a location go to the stack that begins at `first`; or what is wrong with it. */
function addFrames(reading: Reading, id: Numeric, first: number, at: number): string | undefined {
  const { locations, limits } = reading;
  const location = placeOf(locations.places, id);
  if (location < 0) return `sample ${at} names location ${id}, which does not exist`;
  const [from, to] = [
    locations.begins[location] as number,
    locations.begins[location + 1] as number,
  ];
  const used = reading.used + to - from;
  if (used - first > limits.stackDepth) {
    return `sample ${at} is deeper than the limit of ${limits.stackDepth} frames`;
  }
  if (used > reading.places.length) {
    const larger = new Int32Array(Math.min(2 * used, limits.frames + limits.stackDepth));
    larger.set(reading.places);
    reading.places = larger;
  }
  for (let frame = from; frame < to; frame++) reading.places[reading.used++] = frame;
  return undefined;
}

/** Reads every set of labels once: most samples of a profile have the same ones. */
function labelReader(bytes: Uint8Array, text: Text) {
  const sets: ProfileLabel[][] = [[]];
  const known = new Map<string, number>();
  const letters = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const setOf = (spans: readonly Span[], at: number): number => {
    const key = spans
      .map(([start, end]) => `${end - start} ${letters.toString("latin1", start, end)}`)
      .join("");
    let set = known.get(key);
    if (set === undefined) {
      sets.push(spans.map((span) => readLabel(bytes, span, text, `a label of sample ${at}`)));
      set = sets.length - 1;
      known.set(key, set);
    }
    return set;
  };
  return { sets, setOf };
}

/** Message Label. */
function readLabel(bytes: Uint8Array, [start, end]: Span, text: Text, what: string): ProfileLabel {
  const [, key = 0, str = 0, num = 0, numUnit = 0] = readFields({ bytes, at: start }, end);
  const value = text(str, what);
  return {
    key: text(key, what),
    value: value === "" ? integer(num, what) : value,
    unit: text(numUnit, what),
  };
}
