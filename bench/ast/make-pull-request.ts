// A pull request of 500 changed files of a large repository: Go's own source tree, one to three
// seeded edits a file (a number, a statement more, one less, another name, another operator).
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nextFloat, pick, type Random, seededRandom, shuffle } from "../../src/stats/random.ts";

export type PullRequest = {
  readonly baseDir: string;
  readonly headDir: string;
  /** Paths of the changed files. */
  readonly changed: readonly string[];
  /** All Go files of both sides with their git objects. */
  readonly files: readonly {
    readonly side: "base" | "head";
    readonly path: string;
    readonly blob: string;
  }[];
};

/** Smaller files hold little to change; larger ones are tables. */
const SMALLEST_BYTES = 2_000;
const LARGEST_BYTES = 200_000;

export function makePullRequest(goSource: string, dir: string, changedCount: number): PullRequest {
  const random = seededRandom(1);
  const paths = readdirSync(goSource, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".go") && !/(^|\/)(testdata|vendor)\//.test(path))
    .sort();
  const sources = new Map(paths.map((path) => [path, readFileSync(join(goSource, path), "utf8")]));
  const candidates = paths.filter((path) => {
    const size = sources.get(path)?.length ?? 0;
    return !path.endsWith("_test.go") && size >= SMALLEST_BYTES && size <= LARGEST_BYTES;
  });
  const baseDir = join(dir, "base");
  const headDir = join(dir, "head");
  const files: PullRequest["files"][number][] = [];
  const changed = new Map<string, string>();
  for (const path of shuffle(random, candidates)) {
    if (changed.size === changedCount) break;
    const edited = edit(sources.get(path) ?? "", random);
    if (edited !== sources.get(path)) changed.set(path, edited);
  }
  for (const [path, source] of sources) {
    const head = changed.get(path) ?? source;
    write(join(baseDir, path), source);
    write(join(headDir, path), head);
    files.push(
      { side: "base", path, blob: blobOf(source) },
      { side: "head", path, blob: blobOf(head) },
    );
  }
  return { baseDir, headDir, changed: [...changed.keys()].sort(), files };
}

/** Only the changed files, for tools that compare whole folders. */
export function copyChanged(pull: PullRequest, dir: string): { base: string; head: string } {
  const copies = { base: join(dir, "changed-base"), head: join(dir, "changed-head") };
  for (const path of pull.changed) {
    mkdirSync(dirname(join(copies.base, path)), { recursive: true });
    mkdirSync(dirname(join(copies.head, path)), { recursive: true });
    cpSync(join(pull.baseDir, path), join(copies.base, path));
    cpSync(join(pull.headDir, path), join(copies.head, path));
  }
  return copies;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function blobOf(content: string): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/** Edits that leave the file readable; what it computes is of no concern. */
const EDITS: readonly ((line: string) => string)[] = [
  (line) => line.replace(/(?<=[ (])\d(?=[),\n]|$)/, "7"),
  (line) => (/^\t+[\w.]+\([^(){}]*\)$/.test(line) ? "" : line),
  (line) => (/^\t+[\w.]+\([^(){}]*\)$/.test(line) ? `${line}\n${line}` : line),
  (line) => (/^func .*\{$/.test(line) ? `${line}\n\tdefer func() {}()` : line),
  (line) =>
    line.replace(
      / (==|<|\+) /,
      (_, operator) => ` ${{ "==": "!=", "<": "<=", "+": "-" }[operator as "<"]} `,
    ),
  (line) => line.replace(/^(\t+if )/, "$1true && "),
];

function edit(source: string, random: Random): string {
  const lines = source.split("\n");
  const wanted = 1 + Math.floor(nextFloat(random) * 3);
  let edits = 0;
  for (let tries = 0; tries < 400 && edits < wanted; tries++) {
    const at = Math.floor(nextFloat(random) * lines.length);
    const line = lines[at] ?? "";
    if (!line.startsWith("\t") && !line.startsWith("func ")) continue;
    const edited = pick(random, EDITS)(line);
    if (edited === line || /[`"']/.test(line) || line.includes("//")) continue;
    lines[at] = edited;
    edits++;
  }
  return lines.join("\n");
}
