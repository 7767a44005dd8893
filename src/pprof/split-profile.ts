// The bytes of a whole profile in parts: its long tables, each message by its place, and the rest,
// which the library reads.
import { type Cursor, type Numeric, readNumeric } from "./numeric.ts";
import { LENGTH } from "./wire.ts";

/** Begin and end of each message, one behind the other. */
export type Spans = Int32Array;

export type SplitProfile = {
  readonly bytes: Uint8Array;
  readonly samples: Spans;
  readonly locations: Spans;
  readonly functions: Spans;
  readonly strings: Spans;
  /** What is in a profile once, and its mappings: a profile by itself. */
  readonly rest: Uint8Array;
};

/** Of bytes that wire.ts found whole. */
export function splitProfile(bytes: Uint8Array): SplitProfile {
  /** By their fields of message Profile. */
  const tables: Readonly<Record<number, number[]>> = { 2: [], 4: [], 5: [], 6: [] };
  const rest: Uint8Array[] = [];
  /** Where the rest that was not taken yet begins. */
  let kept = 0;
  const cursor: Cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const tag = bytes[cursor.at++] as number;
    const number = Number(readNumeric(cursor));
    if ((tag & 7) !== LENGTH) continue;
    const end = cursor.at + number;
    const table = tables[tag >> 3];
    if (table !== undefined) {
      if (kept < start) rest.push(bytes.subarray(kept, start));
      table.push(cursor.at, end);
      kept = end;
    }
    cursor.at = end;
  }
  rest.push(bytes.subarray(kept));
  const [samples, locations, functions, strings] = [2, 4, 5, 6].map((field) =>
    Int32Array.from(tables[field] as number[]),
  ) as [Spans, Spans, Spans, Spans];
  return { bytes, samples, locations, functions, strings, rest: Buffer.concat(rest) };
}

/** Strings by their numbers, each read when it is first asked for; undefined where there is none. */
export function stringTable({ bytes, strings: spans }: SplitProfile) {
  const count = spans.length / 2;
  const known: (string | undefined)[] = Array.from({ length: count });
  const decoder = new TextDecoder();
  return (numeric: Numeric): string | undefined => {
    const index = Number(numeric);
    if (!(index >= 0 && index < count)) return undefined;
    known[index] ??= decoder.decode(bytes.subarray(spans[2 * index], spans[2 * index + 1]));
    return known[index];
  };
}
