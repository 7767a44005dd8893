// Profiles drawn as columns of text, so that a test shows its stacks. (The idea is from the Firefox
// Profiler's tests; nothing else is.)
//
// One column a sample, leaf at the top; "." is no frame. A first line that starts with "#" holds the
// values, one number a column, or "2/200" for two sample types; without it every value is 1.
// A name may carry ":LINE", and "+" in front when the call was inlined into the frame below it:
//
//   #            30           5
//   +m.skip:7    .
//   m.Parse:20   m.Parse:21
//   m.Bench      m.Bench
import {
  Line,
  Location,
  Profile,
  Function as ProtoFunction,
  Sample,
  StringTable,
} from "pprof-format";
import { decodeProfile } from "../src/pprof/decode.ts";
import type { Profile as DecodedProfile } from "../src/pprof/profile.ts";

export type TextProfileOptions = {
  /** "samples/count" and so on; two by default, as a CPU profile has. */
  readonly sampleTypes?: readonly string[];
  /** Nanoseconds of CPU a sample stands for. */
  readonly period?: number;
};

/** The bytes of a profile.proto that holds the drawn samples. */
export function textProfileBytes(text: string, options: TextProfileOptions = {}): Uint8Array {
  const sampleTypes = options.sampleTypes ?? ["samples/count", "cpu/nanoseconds"];
  const period = options.period ?? 10_000_000;
  const { columns, values } = readColumns(text);
  const strings = new StringTable();
  const functions = new Map<string, ProtoFunction>();
  const locations = new Map<string, Location>();
  const functionId = (name: string): number => {
    const known = functions.get(name);
    if (known !== undefined) return Number(known.id);
    const id = functions.size + 1;
    const filename = strings.dedup(`${name.split(".")[0]}/file.go`);
    functions.set(
      name,
      new ProtoFunction({ id, name: strings.dedup(name), filename, startLine: 1 }),
    );
    return id;
  };
  const locationId = (frames: readonly string[]): number => {
    const key = frames.join(" ");
    const known = locations.get(key);
    if (known !== undefined) return Number(known.id);
    const id = locations.size + 1;
    const line = frames.map((frame) => {
      const [, name = "", at = "1"] = /^\+?(.*?)(?::(\d+))?$/.exec(frame) ?? [];
      return new Line({ functionId: functionId(name), line: Number(at) });
    });
    locations.set(key, new Location({ id, line }));
    return id;
  };
  const sample = columns.map((frames, column) => {
    const given = values[column] ?? [1];
    const value = sampleTypes.map((_, at) => given[at] ?? (given[0] ?? 1) * period);
    return new Sample({ locationId: physicalFrames(frames).map(locationId), value });
  });
  const valueType = (name: string) => {
    const [type = "", unit = ""] = name.split("/");
    return { type: strings.dedup(type), unit: strings.dedup(unit) };
  };
  return new Profile({
    sampleType: sampleTypes.map(valueType),
    sample,
    location: [...locations.values()],
    function: [...functions.values()],
    stringTable: strings,
    periodType: valueType("cpu/nanoseconds"),
    period,
  }).encode();
}

/** The drawn profile after a way through the real encoding and decoding. */
export function textProfile(text: string, options: TextProfileOptions = {}): DecodedProfile {
  const decoded = decodeProfile(textProfileBytes(text, options));
  if (decoded.kind === "damaged") throw new Error(decoded.problem);
  return decoded.profile;
}

function readColumns(text: string): { columns: string[][]; values: number[][] } {
  const rows = text
    .split("\n")
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[0] !== "");
  const header = rows[0]?.[0] === "#" ? (rows.shift()?.slice(1) ?? []) : [];
  const width = Math.max(0, ...rows.map((row) => row.length));
  const widths = [...rows, ...(header.length > 0 ? [header] : [])].map((row) => row.length);
  if (widths.some((own) => own !== width)) throw new Error("rows of different width");
  const columns = Array.from({ length: width }, (_, column) =>
    rows.map((row) => row[column] ?? ".").filter((frame) => frame !== "."),
  );
  return { columns, values: header.map((value) => value.split("/").map(Number)) };
}

/** A physical frame is what was inlined into it, innermost first, and the function itself. */
function physicalFrames(frames: readonly string[]): string[][] {
  const groups: string[][] = [];
  let open: string[] = [];
  for (const frame of frames) {
    open.push(frame);
    if (!frame.startsWith("+")) {
      groups.push(open);
      open = [];
    }
  }
  if (open.length > 0) groups.push(open);
  return groups;
}
