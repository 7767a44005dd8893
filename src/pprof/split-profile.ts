// The bytes of a whole profile in three parts: samples and locations, which are nearly all of it and
// are read as numbers (read-samples.ts, resolve-locations.ts), and what the library reads.
import { type Cursor, readNumeric } from "./numeric.ts";

/** Begin and end of each message, one behind the other. */
export type Spans = Int32Array;

export type SplitProfile = {
  /** Strings, functions, mappings and all that is in a profile once; a profile by itself. */
  readonly tables: Uint8Array;
  readonly samples: Spans;
  readonly locations: Spans;
};

/** Fields of message Profile. */
const SAMPLE = 2;
const LOCATION = 4;
/** The type of fields that begin with their length. */
export const LENGTH = 2;

/** Of bytes that wire.ts found whole. */
export function splitProfile(bytes: Uint8Array): SplitProfile {
  const samples: number[] = [];
  const locations: number[] = [];
  const tables = new Uint8Array(bytes.length);
  let used = 0;
  const cursor: Cursor = { bytes, at: 0 };
  /** From where on nothing was copied to the tables yet. */
  let kept = 0;
  const keepUntil = (end: number): void => {
    if (end === kept) return;
    tables.set(bytes.subarray(kept, end), used);
    used += end - kept;
  };
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const tag = bytes[cursor.at++] as number;
    const number = Number(readNumeric(cursor));
    if ((tag & 7) !== LENGTH) continue;
    const end = cursor.at + number;
    const field = tag >> 3;
    if (field === SAMPLE || field === LOCATION) {
      keepUntil(start);
      (field === SAMPLE ? samples : locations).push(cursor.at, end);
      kept = end;
    }
    cursor.at = end;
  }
  keepUntil(bytes.length);
  return {
    tables: tables.subarray(0, used),
    samples: Int32Array.from(samples),
    locations: Int32Array.from(locations),
  };
}
