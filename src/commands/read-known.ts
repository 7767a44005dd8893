// Reads what is known before a run: the history of main, the calibration of this machine, what people
// accepted. All are files that were written by this program, on this machine or another, and are
// checked as such.
import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { type Calibration, calibrationSchema } from "../baseline/calibration.ts";
import { type History, historySchema } from "../baseline/history.ts";
import { UserError } from "../errors.ts";
import type { Waiver } from "../judge/waivers.ts";

/** A history of 5,000 benchmarks over 100 commits has about 60 MB as text. */
const MAX_BYTES = 128 * 1024 * 1024;

/** undefined without a path; throws UserError TG_KNOWN when the file is no history. */
export async function readHistory(path: string | undefined): Promise<History | undefined> {
  return path === undefined ? undefined : readKnown(path, historySchema, "history");
}

/** undefined without a path; throws UserError TG_KNOWN when the file is no calibration. */
export async function readCalibration(path: string | undefined): Promise<Calibration | undefined> {
  return path === undefined ? undefined : readKnown(path, calibrationSchema, "calibration");
}

const waiversSchema = z.array(
  z.strictObject({
    benchmark: z.string(),
    package: z.string(),
    metrics: z.array(z.string()),
    author: z.string(),
    reason: z.string(),
    until: z.iso.date(),
    limit: z.number().optional(),
  }),
);

/** None without a path; throws UserError TG_KNOWN when the file holds no waivers. */
export async function readWaivers(path: string | undefined): Promise<readonly Waiver[]> {
  return path === undefined ? [] : readKnown(path, waiversSchema, "waivers");
}

async function readKnown<T>(path: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const refuse = (reason: string) =>
    new UserError("TG_KNOWN", `The ${what} ${path} cannot be used: ${reason}.`, {
      hint: `Give the file that tailguard wrote, or leave --${what} out.`,
    });
  const { size } = await stat(path).catch((cause: Error) => {
    throw refuse(cause.message);
  });
  if (size > MAX_BYTES) throw refuse(`it has ${size} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message : "it is not JSON");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not as expected"}`);
}
