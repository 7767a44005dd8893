// Reads the command in a comment: the line that begins with `/tailguard`, if there is one.
//
// Only a line of its own counts, outside of fenced and indented code, quotes and HTML comments, so
// that a command can be written about without being given. One comment gives one command: several
// could contradict each other and get one receipt. Words are split as a shell does, quotes of
// phones and word processors included; nothing is expanded. What cannot be understood is answered,
// not guessed: a misspelt option that is ignored would measure something else.
import { durationSeconds } from "../plan/duration.ts";
import { didYouMean } from "../plan/nearest-word.ts";
import { COMMAND_NAMES, type Command, type RunOptions } from "./command.ts";

/** A comment at GitHub has at most 65,536 characters, a command at most this many. */
const LINE_MAX = 2_000;
const VALUE_MAX = 500;
/** More than anybody measures by hand; a runner is taken for no longer. */
const BUDGET_MAX_SECONDS = 3_600;
const PACKAGES_MAX = 20;

/** The command a comment gives; undefined when it gives none. */
export function parseCommand(body: string): Command | undefined {
  const lines = commandLines(body);
  const [line] = lines;
  if (line === undefined) return undefined;
  if (lines.length > 1) return unknown("one comment can hold one command");
  if (line.length > LINE_MAX) return unknown(`a command has at most ${LINE_MAX} characters`);
  const words = splitWords(line.slice("/tailguard".length));
  if (words === undefined) return unknown("a quote is not closed");
  if (words.some((word) => word.length > VALUE_MAX)) {
    return unknown(`a word or a quoted text has at most ${VALUE_MAX} characters`);
  }
  const [name = "help", ...rest] = words;
  return commandOf(name.toLowerCase(), rest);
}

/** Lines that begin with `/tailguard` and are no code, no quote and no HTML comment. */
function commandLines(body: string): string[] {
  const found: string[] = [];
  let fence: string | undefined;
  const visible = body.replace(/<!--[\s\S]*?(?:-->|$)/g, (hidden) => hidden.replace(/[^\n]/g, ""));
  for (const line of visible.split(/\r?\n/)) {
    const marker = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== undefined) {
      const closes = marker?.[1]?.startsWith(fence) && marker[2]?.trim() === "";
      if (closes) fence = undefined;
    } else if (marker?.[1] !== undefined && !marker[2]?.includes("`")) {
      fence = marker[1];
    } else if (/^ {0,3}\/tailguard(?:\s|$)/i.test(line)) {
      found.push(line.trim());
    }
  }
  return found;
}

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "“": "”",
  "„": "“”",
  "«": "»",
  "‘": "’",
};

/** Words as a shell splits them; a backslash keeps the next character. Undefined: an open quote. */
function splitWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let closing: string | undefined;
  const characters = [...text];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "\\" && closing !== "'" && /["'\\“”]/.test(characters[at + 1] ?? "")) {
      word = (word ?? "") + characters[++at];
    } else if (closing !== undefined) {
      if (closing.includes(character)) closing = undefined;
      else word = (word ?? "") + character;
    } else if (word === undefined && QUOTES[character] !== undefined) {
      closing = QUOTES[character];
      word = "";
    } else if (/[=]$/.test(word ?? "") && QUOTES[character] !== undefined) {
      closing = QUOTES[character];
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (closing !== undefined) return undefined;
  return word === undefined ? words : [...words, word];
}

function commandOf(name: string, rest: readonly string[]): Command {
  switch (name) {
    case "run":
      return runOf(rest);
    case "explain":
      return explainOf(rest);
    case "accept":
      return acceptOf(rest);
    case "approve":
      return approveOf(rest);
    case "rerun":
    case "cancel":
    case "calibrate":
    case "help":
      return rest.length === 0 ? { kind: name } : unknown(`\`${name}\` takes no arguments`);
    default: {
      const known = didYouMean(name, COMMAND_NAMES).replaceAll('"', "`");
      return unknown(`there is no command of that name${known}`);
    }
  }
}

function explainOf(rest: readonly string[]): Command {
  const [name] = rest;
  if (name === undefined || rest.length > 1) {
    return unknown("`explain` takes the name of one benchmark");
  }
  return name === "" ? unknown("the name is empty") : { kind: "explain", name };
}

function acceptOf(rest: readonly string[]): Command {
  const [name = "", reason = ""] = rest.map((word) => word.trim());
  if (rest.length < 2 || name === "" || reason === "") {
    return unknown("`accept` takes a benchmark and the reason in quotes");
  }
  if (rest.length > 2) return unknown("the reason of `accept` has to stand in quotes");
  return { kind: "accept", name, reason };
}

function approveOf(rest: readonly string[]): Command {
  const sha = rest[0]?.toLowerCase() ?? "";
  // Seven digits are what GitHub shows of a commit.
  const isCommit = rest.length === 1 && /^[0-9a-f]{7,64}$/.test(sha);
  if (!isCommit) return unknown("`approve` takes the commit that was looked at, 7 digits or more");
  return { kind: "approve", sha };
}

type Option = "bench" | "package" | "budget" | "vs";
const OPTION_NAMES: readonly Option[] = ["bench", "package", "budget", "vs"];

function runOf(rest: readonly string[]): Command {
  const values = new Map<Option, string[]>();
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? "";
    const [, name = "", given] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
    const option = OPTION_NAMES.find((known) => known === name);
    if (option === undefined) {
      const known = didYouMean(name, OPTION_NAMES).replace(/"(\w+)"/, "`--$1`");
      return unknown(`\`run\` takes --bench, --package, --budget and --vs only${known}`);
    }
    const value = given ?? rest[++at];
    if (value === undefined || value === "") return unknown(`\`--${option}\` needs a value`);
    values.set(option, [...(values.get(option) ?? []), value]);
  }
  return withOptions(values);
}

function withOptions(values: ReadonlyMap<Option, readonly string[]>): Command {
  for (const [option, given] of values) {
    if (option !== "package" && given.length > 1) return unknown(`\`--${option}\` is given twice`);
  }
  const [bench] = values.get("bench") ?? [];
  const packages = values.get("package");
  const [budget] = values.get("budget") ?? [];
  const [vs] = values.get("vs") ?? [];
  const budgetSeconds = budget === undefined ? undefined : readBudget(budget);
  const problem =
    (bench !== undefined && !isVisible(bench) && "`--bench` must be visible text") ||
    (packages && packagesProblem(packages)) ||
    (budget !== undefined &&
      budgetSeconds === undefined &&
      "`--budget` is a duration from 10s to 1h, such as 90s or 5m") ||
    (vs !== undefined && !isRevision(vs) && "`--vs` takes a branch, a tag or a commit");
  if (problem) return unknown(problem);
  const options: RunOptions = {
    ...(bench === undefined ? {} : { bench }),
    ...(packages === undefined ? {} : { packages }),
    ...(budgetSeconds === undefined ? {} : { budgetSeconds }),
    ...(vs === undefined ? {} : { vs }),
  };
  return { kind: "run", options };
}

function readBudget(text: string): number | undefined {
  if (!/^(\d{1,5}[smh])+$/.test(text)) return undefined;
  const seconds = durationSeconds(text);
  return seconds >= 10 && seconds <= BUDGET_MAX_SECONDS ? seconds : undefined;
}

/** It becomes an argument of `go list`: no option, nothing outside of the repository. */
function packagesProblem(packages: readonly string[]): string | false {
  if (packages.length > PACKAGES_MAX) return `at most ${PACKAGES_MAX} packages`;
  const isPattern = (text: string) =>
    /^[A-Za-z0-9_.~][\w./~+-]*$/.test(text) && !text.split("/").includes("..");
  if (packages.every(isPattern)) return false;
  return "`--package` takes a package or a pattern of this repository, such as ./parser/...";
}

/** What git takes for the name of a branch or tag, of which GitHub's API resolves one. */
function isRevision(text: string): boolean {
  return /^[\w][\w./@+-]*$/.test(text) && !/\.\.|@\{|\/$|\.lock$/.test(text);
}

function isVisible(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text);
}

function unknown(problem: string): Command {
  return { kind: "unknown", problem };
}
