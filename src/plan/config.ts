// The team's configuration file: what to measure and from which size on a change matters.
//
// Read from YAML against one schema; an unknown key is an error, because a misspelt threshold that
// is silently ignored is a gate that is silently open. Errors name line and column.
import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { messageChain, UserError } from "../errors.ts";
import { durationSeconds } from "./duration.ts";

/** "5%" or a fraction such as 0.05, from 0 to 10 (1000 %). */
const fractionSchema = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?\s*%$/, 'a percentage such as "5%"')
      .transform((text) => Number.parseFloat(text) / 100),
  ])
  .pipe(z.number().min(0).max(10));

/** Go's notation for durations in whole units: "90s", "5m", "1h30m"; in seconds. */
const durationSchema = z
  .string()
  .regex(/^(\d+[smh])+$/, 'a duration such as "90s" or "5m"')
  .transform(durationSeconds)
  .pipe(
    z
      .number()
      .positive()
      .max(6 * 3600),
  );

export const configSchema = z.strictObject({
  packages: z.array(z.string().min(1)).min(1).optional().describe("Go package patterns to measure"),
  bench: z.string().min(1).optional().describe("benchmarks to run, as go test -bench"),
  budget: durationSchema.optional().describe("time for measuring a pull request"),
  thresholds: z
    .strictObject({
      "p10-sec/op": fractionSchema.optional(),
      "sec/op": fractionSchema.optional(),
      "B/op": fractionSchema.optional(),
      "allocs/op": fractionSchema.optional(),
    })
    .optional()
    .describe("smallest change that matters, by metric"),
});
export type Config = z.infer<typeof configSchema>;

/** Aliases multiply what a parser has to build; a configuration needs none to speak of. */
const MAX_ALIASES = 20;

/** Reads a configuration; throws UserError TG_CONFIG listing every problem as file:line:column. */
export function parseConfig(text: string, fileName: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number | undefined) => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${fileName}:${line}:${col}`;
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    throw configError([`${place(syntax.pos[0])} ${syntax.message.split("\n")[0]}`]);
  }
  const parsed = configSchema.safeParse(plainValue(document, fileName));
  if (parsed.success) return parsed.data;
  throw configError(
    parsed.error.issues.map((issue) => {
      const node: unknown = document.getIn(issue.path as (string | number)[], true);
      const path = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
      return `${place(offsetOf(node) ?? offsetOf(document.contents))} ${path}${issue.message}`;
    }),
  );
}

function plainValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    throw configError([`${fileName}: ${messageChain(error)}`]);
  }
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node)) return undefined;
  return Array.isArray(node.range) ? (node.range[0] as number) : undefined;
}

function configError(problems: readonly string[]): UserError {
  return new UserError("TG_CONFIG", `The configuration has problems:\n${problems.join("\n")}`, {
    hint: "docs/configuration.md lists every key.",
  });
}
