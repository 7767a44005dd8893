// Reads Go benchmark text: what `go test -bench` prints and benchstat reads.
//
// The rules are those of golang.org/x/perf/benchfmt (reader.go): configuration lines
// ("key: value", no upper case in the key), Unit lines, result lines ("Benchmark…", iterations,
// then value and unit pairs); every other line is ignored, because tests print what they like.
// A line that starts like a result and is not one becomes a problem with its number; nothing
// throws. On purpose different: values that are not finite, and hexadecimal ones, are problems
// (a NaN would poison every median after it), 0 ns/op is tidied like any other value, and a line
// over the limit is skipped where benchfmt stops reading.
import {
  MAX_CONFIGURATION_KEYS,
  MAX_LINE_LENGTH,
  MAX_PROBLEMS,
  MAX_RESULTS,
  MAX_VALUES,
} from "./limits.ts";
import { tidyUnit } from "./unit.ts";

export type BenchmarkValue = {
  /** In base units: seconds, bytes. */
  readonly value: number;
  readonly unit: string;
  /** As printed; absent where the unit was a base unit already. */
  readonly printed?: { readonly value: number; readonly unit: string };
};

export type BenchmarkResult = {
  /** As printed, with "Benchmark" and with the GOMAXPROCS suffix: "BenchmarkParse/large-2". */
  readonly name: string;
  /** b.N; an integer, and above 0 in anything package testing printed. */
  readonly iterations: number;
  readonly values: readonly BenchmarkValue[];
};

/** A result with where it stood and what configuration was in force there. */
export type LocatedResult = BenchmarkResult & {
  readonly line: number;
  /** "goos", "pkg", "cpu" and so on. Shared between results: do not change it. */
  readonly configuration: ReadonlyMap<string, string>;
};

type UnitMetadata = {
  /** In base units. */
  readonly unit: string;
  readonly key: string;
  readonly value: string;
  readonly line: number;
};

/** `line` counts from 1. */
export type LineProblem = { readonly line: number; readonly message: string };

export type BenchmarkText = {
  readonly results: readonly LocatedResult[];
  readonly units: readonly UnitMetadata[];
  /** At most 100, in order; `problemCount` counts all. */
  readonly problems: readonly LineProblem[];
  readonly problemCount: number;
};

export type ParsedLine =
  | { readonly kind: "result"; readonly result: BenchmarkResult }
  | { readonly kind: "configuration"; readonly key: string; readonly value: string }
  | { readonly kind: "unit"; readonly rest: readonly string[] }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "ignored" };

// Unicode's White_Space, which Go's unicode.IsSpace follows; \s of JavaScript has U+FEFF too and
// lacks U+0085.
const SPACE = "\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const FIELDS = new RegExp(`[^${SPACE}]+`, "g");
const CONFIGURATION = new RegExp(`^(\\p{Ll}[^${SPACE}\\p{Lu}:]*):(?:[ \\t]+(.*))?$`, "su");
const INTEGER = /^[+-]?[0-9]+$/;
const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** Reads a whole text. */
export function parseBenchmarks(text: string): BenchmarkText {
  const results: LocatedResult[] = [];
  const units = new Map<string, UnitMetadata>();
  const problems: LineProblem[] = [];
  let problemCount = 0;
  let configuration: ReadonlyMap<string, string> = new Map();
  const report = (line: number, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ line, message });
    problemCount++;
  };

  for (const { line, content } of linesOf(text)) {
    const parsed = parseLine(content);
    switch (parsed.kind) {
      case "result":
        if (results.length === MAX_RESULTS) {
          report(line, `more than ${MAX_RESULTS} results; the rest is not read`);
          return { results, units: [...units.values()], problems, problemCount };
        }
        results.push({ ...parsed.result, line, configuration });
        break;
      case "configuration":
        configuration = configured(configuration, parsed);
        break;
      case "unit":
        for (const message of addUnit(units, parsed.rest, line)) report(line, message);
        break;
      case "problem":
        report(line, parsed.message);
        break;
      case "ignored":
        break;
    }
  }
  return { results, units: [...units.values()], problems, problemCount };
}

/** Reads one line, without its line break. */
export function parseLine(content: string): ParsedLine {
  if (content.length > MAX_LINE_LENGTH) {
    return content.startsWith("Benchmark")
      ? { kind: "problem", message: `line longer than ${MAX_LINE_LENGTH} characters` }
      : { kind: "ignored" };
  }
  if (content.startsWith("Benchmark")) return parseResultLine(content);
  if (content.startsWith("U")) {
    const [first, ...rest] = content.match(FIELDS) ?? [];
    if (first === "Unit") return { kind: "unit", rest };
  }
  const match = CONFIGURATION.exec(content);
  if (match === null) return { kind: "ignored" };
  return { kind: "configuration", key: match[1] as string, value: match[2] ?? "" };
}

/** The lines of a text with their numbers from 1; a final line break makes no empty line. */
export function* linesOf(text: string): Generator<{ line: number; content: string }> {
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    const isCarriageReturn = end > start && text[end - 1] === "\r";
    line++;
    yield { line, content: text.slice(start, isCarriageReturn ? end - 1 : end) };
    start = end + 1;
  }
}

function parseResultLine(content: string): ParsedLine {
  const fields = content.match(FIELDS) ?? [];
  const [name, iterations, ...pairs] = fields;
  // `go test -v` prints the bare name when a benchmark starts.
  if (name === undefined || name === content) return { kind: "ignored" };
  if (iterations === undefined) return { kind: "problem", message: "missing iteration count" };
  const count = INTEGER.test(iterations) ? Number(iterations) : Number.NaN;
  if (!Number.isSafeInteger(count)) {
    return { kind: "problem", message: "parsing iteration count: not an integer in range" };
  }
  if (pairs.length === 0) return { kind: "problem", message: "missing measurements" };
  if (pairs.length > 2 * MAX_VALUES) return { kind: "problem", message: "too many measurements" };
  const values: BenchmarkValue[] = [];
  for (let at = 0; at < pairs.length; at += 2) {
    const printed = pairs[at] as string;
    const value = DECIMAL.test(printed) ? Number(printed) : Number.NaN;
    if (!Number.isFinite(value)) {
      return { kind: "problem", message: "parsing measurement: not a finite number" };
    }
    const unit = pairs[at + 1];
    if (unit === undefined) return { kind: "problem", message: "missing units" };
    values.push(tidyValue(value, unit));
  }
  return { kind: "result", result: { name, iterations: count, values } };
}

function tidyValue(value: number, unit: string): BenchmarkValue {
  const tidy = tidyUnit(unit);
  if (tidy.unit === unit) return { value, unit };
  return { value: value * tidy.factor, unit: tidy.unit, printed: { value, unit } };
}

/** The configuration after a line; an empty value removes the key, as in benchfmt. */
function configured(
  before: ReadonlyMap<string, string>,
  { key, value }: { readonly key: string; readonly value: string },
): ReadonlyMap<string, string> {
  const after = new Map(before);
  if (value === "") after.delete(key);
  else if (after.has(key) || after.size < MAX_CONFIGURATION_KEYS) after.set(key, value);
  return after;
}

/** Adds the key=value pairs of a Unit line; returns what was wrong with it. */
function addUnit(
  units: Map<string, UnitMetadata>,
  [printedUnit, ...pairs]: readonly string[],
  line: number,
): string[] {
  if (printedUnit === undefined) return ["missing unit"];
  const { unit } = tidyUnit(printedUnit);
  const messages: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals <= 0) {
      messages.push("expected key=value");
      continue;
    }
    const key = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const present = units.get(`${unit} ${key}`);
    if (present === undefined) {
      if (units.size < MAX_CONFIGURATION_KEYS)
        units.set(`${unit} ${key}`, { unit, key, value, line });
    } else if (present.value !== value) {
      messages.push(`metadata ${key} of unit ${printedUnit} already set to ${present.value}`);
    }
  }
  return messages;
}
