// Numbers as profile.proto has them: 64 bits, signed or not by what they mean. A number above 28
// bits may be a bigint, by how it was packed; these say what it is.
import { damage } from "./damage.ts";

export type Numeric = number | bigint;

/** Bytes being read, and the place of the next one. */
export type Cursor = { readonly bytes: Uint8Array; at: number };

/** Seven bytes of seven bits are exact in a double. */
const EXACT_BYTES = 7;

/** The varint at the cursor, which moves behind it; the bytes must be whole (wire.ts). */
export function readNumeric(cursor: Cursor): Numeric {
  const { bytes } = cursor;
  let byte = bytes[cursor.at++] as number;
  let value = byte & 0x7f;
  let scale = 128;
  for (let count = 1; byte >= 0x80; count++) {
    if (count === EXACT_BYTES) return readLong(cursor, value);
    byte = bytes[cursor.at++] as number;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
  return value;
}

/** The number whose first seven bytes are `low`. */
function readLong(cursor: Cursor, low: number): bigint {
  let value = BigInt(low);
  let byte = 0x80;
  for (let shift = 7n * BigInt(EXACT_BYTES); byte >= 0x80; shift += 7n) {
    byte = cursor.bytes[cursor.at++] as number;
    value |= BigInt(byte & 0x7f) << shift;
  }
  return value;
}

/**
 * The numbers of a message that ends at `end`, by field; a field that is there twice counts as the
 * last one. Fields 1 to 5 that are absent are 0.
 */
export function readFields(cursor: Cursor, end: number): Numeric[] {
  const fields: Numeric[] = [0, 0, 0, 0, 0, 0];
  while (cursor.at < end) {
    const field = (cursor.bytes[cursor.at++] as number) >> 3;
    fields[field] = readNumeric(cursor);
  }
  return fields;
}

/** An id as a key of a map: one number has one key, however it was packed. */
export type Id = number | string;

export function identity(id: Numeric): Id {
  if (typeof id === "number") return id;
  return id <= Number.MAX_SAFE_INTEGER ? Number(id) : String(id);
}

/** A signed 64-bit field as a number; undefined beyond 2^53, where sums would not be exact. */
export function safeInteger(value: Numeric): number | undefined {
  const number = typeof value === "number" ? value : Number(BigInt.asIntN(64, value));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The same, and damage beyond 2^53: no Go profile holds such a number. */
export function integer(value: Numeric, what: string): number {
  return safeInteger(value) ?? damage(`${what} is beyond 2^53`);
}
