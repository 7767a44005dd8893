// A change planted in one function of a fetched module: its text with a statement more.
//
// A slow-down is an empty loop in the function itself, so that its own (flat) time grows and no new
// name gives it away; the compiler keeps such loops. How often it turns comes from the environment,
// so one binary serves to calibrate it and for every factor. An allocation is kept in a variable of
// the package, or it would stay on the stack; a lock is taken and given back, without contention
// unless the benchmark itself is parallel.
import { dirname, join } from "node:path";

/** "slow-1.5": the function's own time is half as much again. */
export type Change = `slow-${number}` | "allocation" | "lock";

/** What is written into the function. */
export type Statement = "loop" | "allocation" | "lock";

/** A function of the module that can be changed. */
export type Target = {
  /** As findings name it. */
  readonly function: string;
  /** Relative to the module's root. */
  readonly file: string;
  /** Of the declaration, from 1. */
  readonly startLine: number;
  /** Its own part of the benchmark's samples, a fraction. */
  readonly flatShare: number;
};

/** Environment variable with the number of turns that the planted loop makes. */
export const TURNS_VARIABLE = "TAILGUARD_PLANTED_TURNS";

const STATEMENTS: Readonly<Record<Statement, string>> = {
  loop: "for planted := 0; planted < plantedTurns; planted++ { }",
  allocation: "plantedBytes = make([]byte, 64)",
  lock: "plantedLock.Lock(); plantedLock.Unlock()",
};

/** The factor of a slow-down; undefined for the other changes. */
export function factorOf(change: Change): number | undefined {
  return change.startsWith("slow-") ? Number(change.slice("slow-".length)) : undefined;
}

export function statementOf(change: Change): Statement {
  return change === "allocation" || change === "lock" ? change : "loop";
}

/** The file that declares what the statements use, beside the target's. */
export function declarationsFile(target: Target, text: string): { path: string; text: string } {
  const name = /^package (\w+)/m.exec(text)?.[1] ?? "main";
  const turns = `func() int { n, _ := strconv.Atoi(os.Getenv("${TURNS_VARIABLE}")); return n }()`;
  return {
    path: join(dirname(target.file), "tailguard_planted.go"),
    text: `package ${name}

import (
	"os"
	"strconv"
	"sync"
)

var (
	plantedTurns = ${turns}
	plantedBytes []byte
	plantedLock  sync.Mutex
)
`,
  };
}

/** A signature of more lines is nobody's hot function. */
const SIGNATURE_LINES = 8;

/**
 * The target's file with the statement at the top of its body, and the statement's line from 1;
 * undefined where the body does not begin at the end of a line.
 */
export function plant(
  text: string,
  target: Target,
  statement: Statement,
): { readonly text: string; readonly line: number } | undefined {
  const lines = text.split("\n");
  const first = target.startLine - 1;
  if (lines[first]?.startsWith("func ") !== true) return undefined;
  const signature = lines.slice(first, first + SIGNATURE_LINES);
  const opens = signature.findIndex((line) => line.endsWith("{"));
  if (opens < 0 || signature.slice(0, opens).some((line) => line.includes("{"))) return undefined;
  const line = first + opens + 2;
  lines.splice(line - 1, 0, `\t${STATEMENTS[statement]}`);
  return { text: lines.join("\n"), line };
}
