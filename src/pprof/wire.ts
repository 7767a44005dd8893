// Is this a complete, bounded profile.proto message? Answered by walking the bytes once, before
// anything is built from them.
//
// pprof-format decodes what it is given: a file cut in half becomes a smaller profile, a varint of
// a megabyte keeps it busy for minutes, and two bytes make an object. So lengths, varints and
// counts are checked here, against the grammar of google/pprof's proto/profile.proto, and the
// library sees only messages that are whole. Fields above 15 are refused: the format has none, and
// the library reads one byte of each tag.
import type { ProfileLimits } from "./limits.ts";

const VARINT = 0;
/** The type of fields that begin with their length. */
export const LENGTH = 2;

/** Ten groups of seven bits hold 64; protobuf allows no more. */
const VARINT_BYTES = 10;

/** A kind of field that is more than one number, and what bounds how many there may be. */
type Part = {
  /** Of all kinds, to count by. */
  readonly index: number;
  readonly what: string;
  readonly limit: keyof ProfileLimits;
  readonly form: "message" | "packed" | "string";
  /** By field number; fields that are not here are single numbers. */
  readonly fields: Readonly<Record<number, Part>>;
};

let partCount = 0;

function message(what: string, limit: keyof ProfileLimits, fields: Part["fields"] = {}): Part {
  return { index: partCount++, what, limit, form: "message", fields };
}

const NUMBERS: Part = { ...message("ids and values", "locationIds"), form: "packed" };
const STRING: Part = { ...message("strings", "strings"), form: "string" };
const VALUE_TYPE = message("sample types", "valueTypes");
const PROFILE = message("profiles", "samples", {
  1: VALUE_TYPE,
  2: message("samples", "samples", { 1: NUMBERS, 2: NUMBERS, 3: message("labels", "labels") }),
  3: message("mappings", "locations"),
  4: message("locations", "locations", { 4: message("inlined lines", "lines") }),
  5: message("functions", "functions"),
  6: STRING,
  11: VALUE_TYPE,
  13: NUMBERS,
});

type Scan = {
  readonly bytes: Uint8Array;
  readonly limits: ProfileLimits;
  /** How many there were of each part, by its index. */
  readonly counts: number[];
};

/** What makes the bytes unfit for decoding, in words; undefined when nothing does. */
export function wireProblem(bytes: Uint8Array, limits: ProfileLimits): string | undefined {
  if (bytes.length === 0) return "it is empty";
  if (bytes.length > limits.bytes) {
    return `it has ${bytes.length} bytes, more than the limit of ${limits.bytes}`;
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "it is still packed with gzip";
  return walkMessage(
    { bytes, limits, counts: Array.from({ length: partCount }, () => 0) },
    0,
    bytes.length,
    PROFILE,
  );
}

function walkMessage(scan: Scan, start: number, end: number, part: Part): string | undefined {
  const { bytes } = scan;
  let at = start;
  while (at < end) {
    const tag = bytes[at] as number;
    const field = tag >> 3;
    const wireType = tag & 7;
    // The library reads neither tags of two bytes nor fixed numbers; the format has none.
    const known = field > 0 && tag < 0x80 && (wireType === VARINT || wireType === LENGTH);
    if (!known) return `byte ${at} is not a field of a profile`;
    const inner = part.fields[field];
    const isByte = at + 1 < end && (bytes[at + 1] as number) < 0x80;
    const after = isByte ? at + 2 : skipVarint(bytes, at + 1, end);
    if (after < 0) return `a number at byte ${at} is cut or too long`;
    let problem: string | undefined;
    if (wireType === VARINT) {
      if (inner !== undefined && inner.form !== "packed") return `byte ${at} has the wrong type`;
      if (inner !== undefined) problem = countProblem(scan, inner, 1);
      at = after;
    } else {
      const length = isByte ? (bytes[at + 1] as number) : readVarint(bytes, at + 1, after);
      if (length > end - after) return `it was cut: the field at byte ${at} is not complete`;
      if (inner === undefined) return `byte ${at} has the wrong type`;
      at = after + length;
      problem = walkPart(scan, after, at, inner);
    }
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function walkPart(scan: Scan, start: number, end: number, part: Part): string | undefined {
  if (part.form === "packed") {
    const count = countVarints(scan.bytes, start, end);
    if (count < 0) return "a list of numbers is cut or holds one that is too long";
    return countProblem(scan, part, count);
  }
  const problem = countProblem(scan, part, 1);
  if (problem !== undefined || part.form === "string") return problem;
  return walkMessage(scan, start, end, part);
}

function countProblem(scan: Scan, part: Part, more: number): string | undefined {
  const count = (scan.counts[part.index] as number) + more;
  scan.counts[part.index] = count;
  const limit = scan.limits[part.limit];
  return count <= limit ? undefined : `it has more ${part.what} than the limit of ${limit}`;
}

/** How many varints there are; -1 when one does not end or is too long. */
function countVarints(bytes: Uint8Array, start: number, end: number): number {
  let count = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    if ((bytes[at] as number) < 0x80) {
      count++;
      length = 0;
    } else if (++length === VARINT_BYTES) return -1;
  }
  return length === 0 ? count : -1;
}

/** The place after the varint that starts at `at`; -1 when it does not end before `end`. */
function skipVarint(bytes: Uint8Array, at: number, end: number): number {
  const last = Math.min(end, at + VARINT_BYTES);
  for (let i = at; i < last; i++) if ((bytes[i] as number) < 0x80) return i + 1;
  return -1;
}

/** A length; those beyond 2^53 come out inexact, and are too large all the same. */
function readVarint(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = end - 1; i >= start; i--) value = value * 128 + ((bytes[i] as number) & 0x7f);
  return value;
}
