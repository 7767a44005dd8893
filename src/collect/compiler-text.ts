// Splits what the compiler printed in a build into its notes (-m=2, bounds checks) and its symbols.
//
// The probe reads the file: 100 MB of -S text shrink to a few MB of names and hashes before they
// reach this process. Nothing here fails a run: what cannot be read is a table with a problem, and
// then all benchmarks count as affected.
import { open, rm } from "node:fs/promises";
import { type SymbolTable, symbolTableSchema } from "../symbols/table.ts";
import { runHostCommand } from "./host-command.ts";

export type CompilerText = {
  /** All but the symbols: notes of the optimizer, errors. */
  readonly notes: string;
  readonly symbols: SymbolTable;
};

/** A module with a thousand packages prints about 100 MB of -m=2 text. */
const MAX_NOTES_BYTES = 192 << 20;
/** 100 MB take the probe a second. */
const TIMEOUT_MS = 120_000;

/** Reads the file that a build made, and removes it. */
export async function readCompilerText(
  probePath: string,
  file: { readonly path: string; readonly isWhole: boolean },
  signal: AbortSignal,
): Promise<CompilerText> {
  const notesPath = `${file.path}.notes`;
  const result = await runHostCommand({
    argv: [probePath, "symbols", "-in", file.path, "-text", notesPath],
    dir: "/",
    env: {},
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  signal.throwIfAborted();
  try {
    const symbols = parseSymbols(result.exitCode === 0 ? result.stdout : "", result.stderr);
    const problem = file.isWhole ? symbols.problem : "it is too long";
    return { notes: await readStart(notesPath), symbols: { ...symbols, problem } };
  } finally {
    await Promise.all([file.path, notesPath].map((path) => rm(path, { force: true })));
  }
}

function parseSymbols(text: string, complaint: string): SymbolTable {
  if (text === "") return noSymbols(complaint.trim().slice(0, 300) || "it could not be read");
  const parsed = symbolTableSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : noSymbols("its symbols are not as expected");
}

function noSymbols(problem: string): SymbolTable {
  return { schema: "tailguard.symbols/1", problem, packages: [], names: [], symbols: [] };
}

async function readStart(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, MAX_NOTES_BYTES));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await file.close();
  }
}
