// The frames of every location of a profile, with every reference between its tables checked.
//
// Inlined frames are kept: line[0] of a Location is the innermost call, the last one is the function
// the code was compiled into (profile.proto, message Location).
import type { Profile as ProtoProfile } from "pprof-format";
import { damage } from "./damage.ts";
import type { ProfileLimits } from "./limits.ts";
import {
  type Cursor,
  type Id,
  identity,
  type Numeric,
  readFields,
  readNumeric,
  safeInteger,
} from "./numeric.ts";
import type { FrameTable, ProfileFrame, ProfileFunction } from "./profile.ts";
import type { SplitProfile } from "./split-profile.ts";

/** A string of the profile's table; `what` names who asks, for the damage. */
export type Text = (index: Numeric, what: string) => string;

/** The frames of all locations, by the place of a location in the profile. */
export type Locations = FrameTable & {
  /** By the ids of locations. */
  readonly places: Places;
  /** Of every location the number of its first frame, and at the end the number of all frames. */
  readonly begins: Int32Array;
};

type Bytes = Pick<SplitProfile, "bytes" | "functions" | "locations">;

type Options = { readonly text: Text; readonly limits: ProfileLimits };

type Functions = {
  readonly all: readonly ProfileFunction[];
  /** By the ids of functions. */
  readonly places: Places;
};

function resolveFunctions(
  { bytes, functions: spans }: Bytes,
  { text, limits }: Options,
): Functions {
  const count = spans.length / 2;
  const places = createPlaces(count);
  const all: ProfileFunction[] = [];
  const cursor: Cursor = { bytes, at: 0 };
  for (let place = 0; place < count; place++) {
    cursor.at = spans[2 * place] as number;
    const fields = readFields(cursor, spans[2 * place + 1] as number);
    const [, numeric = 0, nameAt = 0, systemNameAt = 0, fileAt = 0, startLine = 0] = fields;
    const id = identity(numeric);
    if (!addPlace(places, numeric, place)) damage(`function id ${id} is zero or used twice`);
    const what = `function ${id}`;
    const name = text(nameAt, what) || text(systemNameAt, what);
    const file = text(fileAt, what);
    if (name.length > limits.nameLength || file.length > limits.nameLength) {
      damage(`the name of function ${id} is longer than ${limits.nameLength} characters`);
    }
    all.push({ name, file, startLine: lineNumber(startLine, "function", id) });
  }
  return { all, places };
}

/** Frames of a location stand together, innermost first. Throws Damage where an id is used twice, or a function or a string does not exist. */
export function resolveLocations(proto: ProtoProfile, split: Bytes, options: Options): Locations {
  const functions = resolveFunctions(split, options);
  const { bytes, locations: spans } = split;
  const mappings = resolveMappings(proto, options.text);
  const count = spans.length / 2;
  const places = createPlaces(count);
  const begins = new Int32Array(count + 1);
  const frames: ProfileFrame[] = [];
  const numbers: number[] = [];
  let functionCount = functions.all.length;
  const cursor: Cursor = { bytes, at: 0 };
  for (let place = 0; place < count; place++) {
    cursor.at = spans[2 * place] as number;
    const { id: numeric, mappingId, lines } = readLocation(cursor, spans[2 * place + 1] as number);
    const id = identity(numeric);
    if (!addPlace(places, numeric, place)) damage(`location id ${id} is zero or used twice`);
    const last = lines.length - 1;
    for (let at = 0; at <= last; at++) {
      const { functionId, line } = lines[at] as Line;
      const number = placeOf(functions.places, functionId);
      const found = functions.all[number];
      if (found === undefined) {
        damage(`location ${id} names function ${functionId}, which does not exist`);
      }
      const inlined = at < last;
      frames.push({ function: found, line: lineNumber(line, "location", id), inlined });
      numbers.push(number);
    }
    const mapping = mappings.get(identity(mappingId));
    if (mapping === undefined && identity(mappingId) !== 0) {
      damage(`location ${id} names mapping ${mappingId}, which does not exist`);
    }
    if (last < 0) {
      frames.push(unnamedFrame(mapping));
      numbers.push(functionCount++);
    }
    begins[place + 1] = frames.length;
  }
  return {
    places,
    begins,
    frames,
    functionNumbers: Int32Array.from(numbers),
    functionCount,
  };
}

type Line = { readonly functionId: Numeric; readonly line: Numeric };

/** Message Location of proto/profile.proto, as far as it is used. */
function readLocation(cursor: Cursor, end: number) {
  let [id, mappingId]: [Numeric, Numeric] = [0, 0];
  const lines: Line[] = [];
  while (cursor.at < end) {
    const field = (cursor.bytes[cursor.at++] as number) >> 3;
    const number = readNumeric(cursor);
    if (field === 1) id = number;
    else if (field === 2) mappingId = number;
    else if (field === 4) lines.push(readLine(cursor, cursor.at + Number(number)));
  }
  return { id, mappingId, lines };
}

function readLine(cursor: Cursor, end: number): Line {
  let [functionId, line]: [Numeric, Numeric] = [0, 0];
  while (cursor.at < end) {
    const field = (cursor.bytes[cursor.at++] as number) >> 3;
    const number = readNumeric(cursor);
    if (field === 1) functionId = number;
    else if (field === 2) line = number;
  }
  return { functionId, line };
}

/** Places by id: a list for ids up to the number of them, as Go has them, a map for others. */
export type Places = { readonly dense: Int32Array; readonly sparse: Map<Id, number> };

function createPlaces(count: number): Places {
  return { dense: new Int32Array(count + 1).fill(-1), sparse: new Map() };
}

/** -1 where there is none. */
export function placeOf({ dense, sparse }: Places, numeric: Numeric): number {
  if (typeof numeric === "number" && numeric < dense.length) return dense[numeric] as number;
  const id = identity(numeric);
  return (typeof id === "number" ? dense[id] : undefined) ?? sparse.get(id) ?? -1;
}

/** Whether the id is a new one and no zero. */
function addPlace(places: Places, numeric: Numeric, place: number): boolean {
  const id = identity(numeric);
  if (id === 0 || placeOf(places, numeric) >= 0) return false;
  if (typeof id === "number" && id < places.dense.length) places.dense[id] = place;
  else places.sparse.set(id, place);
  return true;
}

/** The files that code was loaded from, by the mapping's id. */
function resolveMappings(proto: ProtoProfile, text: Text): Map<Id, string> {
  const mappings = new Map<Id, string>();
  for (const item of proto.mapping) {
    const id = identity(item.id);
    if (id === 0 || mappings.has(id)) damage(`mapping id ${id} is zero or used twice`);
    mappings.set(id, text(item.filename, `mapping ${id}`));
  }
  return mappings;
}

/** Code without symbols, the C library for one, named as `go tool pprof` does. */
function unnamedFrame(mapping: string | undefined): ProfileFrame {
  const object = mapping?.split("/").at(-1) ?? "";
  const name = object === "" ? "<unknown>" : `[${object.slice(0, 200)}]`;
  return { function: { name, file: "", startLine: 0 }, line: 0, inlined: false };
}

function lineNumber(value: Numeric, owner: "function" | "location", id: Id): number {
  const line = safeInteger(value);
  if (line === undefined) damage(`a line of ${owner} ${id} is beyond 2^53`);
  if (line < 0) damage(`a line of ${owner} ${id} is negative`);
  return line;
}
