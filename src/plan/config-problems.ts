// What Zod finds wrong with a configuration, said to the person who wrote it: which key, what it must
// be, what it is, and the word that was probably meant. Zod's own texts name JavaScript's types and,
// for alternatives, say "Invalid input"; they are translated here, never shown.
import type { z } from "zod";
import { configSchema } from "./config-schema.ts";
import { didYouMean } from "./nearest-word.ts";
import type { Path, Problem, YamlSource } from "./yaml-source.ts";

type Issue = z.core.$ZodIssue;

/** What the issue says, in words and places of the file; `before` leads to where it was found. */
export function problemsOf(issue: Issue, before: Path, source: YamlSource): Problem[] {
  const path = [...before, ...(issue.path as (string | number)[])];
  const value = valueAt(source.value, path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        source.keyProblem(path, key, `there is no such key${didYouMean(key, keysAt(path))}`),
      );
    case "invalid_key": {
      const key = String(path.at(-1));
      const [inner] = issue.issues;
      return [source.keyProblem(path.slice(0, -1), key, inner?.message ?? issue.message)];
    }
    case "invalid_union":
      return unionProblems(issue, path, source);
    case "invalid_value":
      return [source.problem(path, oneOf(value, issue.values.map(String)))];
    case "invalid_type":
      return [source.problem(path, typeProblem(issue, value))];
    default:
      return [source.problem(path, issue.message)];
  }
}

/** The alternative that was meant, the one that takes this kind of value; else all in one line. */
function unionProblems(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
  source: YamlSource,
): Problem[] {
  const isOutright = ({ code, path }: Issue) =>
    path.length === 0 && (code === "invalid_type" || code === "invalid_value");
  const meant = issue.errors.find((issues) => !issues.some(isOutright));
  if (meant !== undefined) return meant.flatMap((one) => problemsOf(one, path, source));
  const own = issue.errors.flat().find(({ message }) => message.startsWith("must"));
  if (own !== undefined) return [source.problem(path, own.message)];
  const words = issue.errors.flat().flatMap((one) => {
    if (one.code === "invalid_value") return one.values.map(String);
    return one.code === "invalid_type" ? [NAMES[one.expected] ?? one.expected] : [];
  });
  return [source.problem(path, oneOf(valueAt(source.value, path), words))];
}

function oneOf(value: unknown, words: readonly string[]): string {
  const known = [...new Set(words)];
  const [last = ""] = known.slice(-1);
  const others = known.slice(0, -1).join(", ");
  const must = `must be ${others === "" ? "" : `${others} or `}${last}`;
  if (value === undefined) return `is missing; ${must}`;
  if (typeof value !== "string") return `${must}, not ${kindOf(value)}`;
  return `${must}, not "${value.slice(0, 60)}"${didYouMean(value, known)}`;
}

const NAMES: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};

function typeProblem(issue: Extract<Issue, { code: "invalid_type" }>, value: unknown): string {
  if (value === undefined) return "is missing";
  // Messages of our own schema begin with "must"; the library's do not.
  if (issue.message.startsWith("must")) return issue.message;
  return `must be ${NAMES[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "empty";
  return NAMES[Array.isArray(value) ? "array" : typeof value] ?? typeof value;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => {
    const isThere = typeof at === "object" && at !== null && Object.hasOwn(at, step);
    return isThere ? (at as Record<string | number, unknown>)[step] : undefined;
  }, value);
}

/** The keys that the map at this path may have. */
function keysAt(path: Path): string[] {
  const shapes = path.reduce<readonly z.core.$ZodType[]>(
    (schemas, step) => schemas.flatMap(unwrap).flatMap((schema) => within(schema, step)),
    [configSchema],
  );
  return shapes.flatMap(unwrap).flatMap((schema) => Object.keys(shapeOf(schema) ?? {}));
}

type Definition = {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
};

function definitionOf(schema: z.core.$ZodType): Definition {
  return schema._zod.def as unknown as Definition;
}

function unwrap(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { innerType, options } = definitionOf(schema);
  if (innerType !== undefined) return unwrap(innerType);
  return options === undefined ? [schema] : options.flatMap(unwrap);
}

function shapeOf(schema: z.core.$ZodType): Definition["shape"] {
  return definitionOf(schema).shape;
}

function within(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  const { element, shape } = definitionOf(schema);
  if (typeof step === "number") return element === undefined ? [] : [element];
  const inner = shape !== undefined && Object.hasOwn(shape, step) ? shape[step] : undefined;
  return inner === undefined ? [] : [inner];
}
