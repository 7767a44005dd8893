// What do we say of real commits, and does the edit script applied to base give head?
//
//   script/bench commits --clones DIR [--only REPOSITORY@COMMIT] [--list FILE] [--note FILE]
//
// DIR holds clones named as on GitHub with a plus for the slash: `yuin+goldmark`. The list names 68
// commits of public repositories with what each really does, looked up by hand, and what is wrong in
// what we say. For every changed Go file both sides are read as the runner reads them; a line is
// printed for each declaration: what happened to it, from which name, and the changes that we tell.
// Every edit script is carried out on base and must give head. The note is a table of the list, that
// of docs/experiments/commits.md. Peers are not run: GumTree has no Go
// parser of its own, and difftastic has no script that can be applied.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { analyzeAst } from "../src/analyze/ast/analyze-ast.ts";
import type { DeclarationFinding } from "../src/analyze/source-finding.ts";
import { readSyntax } from "../src/collect/probe.ts";
import { editScript } from "../src/goast/edit-script.ts";
import { mapTrees } from "../src/goast/map-trees.ts";
import { hasChanged, pairDeclarations } from "../src/goast/pair.ts";
import type { Syntax } from "../src/goast/syntax.ts";
import { decodeTree, newWords } from "../src/goast/tree.ts";
import { appliedText, treeText } from "../test/goast/apply-edit-script.ts";
import { buildProbe } from "./binaries.ts";

const LIST = fileURLToPath(new URL("commits/commits.json", import.meta.url));

const listSchema = z.array(
  z.strictObject({
    repository: z.string(),
    commit: z.string(),
    /** What a reader of the diff finds. */
    does: z.string(),
    /** "right", or what is wrong in what we say. */
    verdict: z.string(),
  }),
);
type Listed = z.infer<typeof listSchema>[number];

const { values } = parseArgs({
  options: {
    clones: { type: "string", default: "." },
    only: { type: "string", default: "" },
    list: { type: "string", default: LIST },
    note: { type: "string" },
  },
});

type ChangedFile = {
  readonly path: string;
  readonly status: "added" | "modified" | "removed" | "renamed";
  readonly previousPath?: string;
};

const STATUS: Readonly<Record<string, ChangedFile["status"]>> = {
  A: "added",
  D: "removed",
  R: "renamed",
};

/** Changed Go files of a commit against its first parent. */
function changedFiles(clone: string, commit: string): ChangedFile[] {
  const args = ["-C", clone, "diff", "--name-status", "-M", "-z", `${commit}^`, commit, "--"];
  const fields = execFileSync("git", args, { encoding: "utf8" }).split("\0");
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const status = STATUS[fields[at]?.charAt(0) ?? ""] ?? "modified";
    const path = fields[at + 1] ?? "";
    if (status !== "renamed") files.push({ path, status });
    else files.push({ path: fields[++at + 1] ?? "", status, previousPath: path });
  }
  return files.filter(({ path }) => path.endsWith(".go"));
}

/** Writes the changed files of both sides and reads them as the runner does. */
async function readCommit(clone: string, commit: string, at: { probe: string; dir: string }) {
  const changed = changedFiles(clone, commit);
  const roots = { base: join(at.dir, "base"), head: join(at.dir, "head") };
  for (const root of Object.values(roots)) mkdirSync(root, { recursive: true });
  const files: { side: "base" | "head"; path: string; blob: undefined }[] = [];
  const write = (side: "base" | "head", revision: string, path: string) => {
    mkdirSync(dirname(join(roots[side], path)), { recursive: true });
    const args = ["-C", clone, "cat-file", "blob", `${revision}:${path}`];
    writeFileSync(join(roots[side], path), execFileSync("git", args, { maxBuffer: 1 << 28 }));
    files.push({ side, path, blob: undefined });
  };
  for (const file of changed) {
    if (file.status !== "added") write("base", `${commit}^`, file.previousPath ?? file.path);
    if (file.status !== "removed") write("head", commit, file.path);
  }
  return { changed, syntax: await readSyntax(at.probe, roots, files, AbortSignal.timeout(60_000)) };
}

/** Carries out the script of every changed declaration; gives how many, and those that went wrong. */
function replay(
  syntax: Readonly<Record<"base" | "head", Syntax>>,
  changed: readonly ChangedFile[],
) {
  const headPaths = new Map(
    changed.flatMap((file) => (file.previousPath ? [[file.previousPath, file.path] as const] : [])),
  );
  const pairing = pairDeclarations(syntax.base, syntax.head, headPaths);
  const words = newWords();
  const wrong: string[] = [];
  let count = 0;
  for (const { base, head } of [...pairing.kept, ...pairing.renamed].filter(hasChanged)) {
    const [from, to] = [base, head].map(
      ({ file, declaration }) =>
        declaration.tree && decodeTree(declaration.tree, file.words ?? [], words),
    );
    if (!from || !to) continue;
    const mapping = mapTrees(from, to);
    count++;
    if (appliedText(mapping, editScript(mapping)) !== treeText(to)) {
      wrong.push(`${head.file.path} ${head.declaration.name}`);
    }
  }
  const moved = pairing.renamed.filter((pair) => !hasChanged(pair));
  return { count, wrong, moved };
}

function lineOf(finding: DeclarationFinding): string {
  const { change, declaration, previousName } = finding;
  const from = previousName === undefined ? "" : ` (was ${previousName})`;
  const place = finding.head ?? finding.base;
  const told = (finding.changes ?? []).map(({ text }) => text).join("; ");
  return `  ${change} ${declaration} ${finding.function}${from} ${place?.file}:${place?.line} ${told}`;
}

async function showCommit(listed: Listed, probe: string, dir: string) {
  const clone = join(values.clones, listed.repository.replace("/", "+"));
  const { changed, syntax } = await readCommit(clone, listed.commit, { probe, dir });
  const { count, wrong, moved } = replay(syntax, changed);
  console.log(`${listed.repository}@${listed.commit.slice(0, 9)}: ${listed.does}`);
  const { findings, degraded } = analyzeAst({
    manifest: { plan: { changedFiles: changed }, packages: [] },
    syntax,
    packages: [],
  });
  for (const finding of findings) {
    if (finding.kind === "bridge") console.log(`  bridge ${finding.function}: ${finding.text}`);
    else console.log(lineOf(finding));
  }
  for (const { base, head } of moved) {
    const from = `${base.file.path} ${base.declaration.name}`;
    console.log(`  moved ${head.declaration.kind} ${head.declaration.name} (was ${from})`);
  }
  for (const { reason } of degraded) console.log(`  degraded: ${reason}`);
  console.log(`  scripts: ${count}, wrong: ${wrong.length} ${wrong.join(", ")}`);
  if (listed.verdict !== "right") console.log(`  misjudged: ${listed.verdict}`);
  return { count, wrong: wrong.length, declarations: findings.length };
}

/** What was looked up by hand, as a Markdown table. */
function noteOf(list: readonly Listed[]): string {
  const rows = list.map(({ repository, commit, does, verdict }) => {
    const link = `[${repository}@${commit.slice(0, 8)}](https://github.com/${repository}/commit/${commit})`;
    return `| ${link} | ${does} | ${verdict} |`;
  });
  return ["| Commit | What it does | What we say of it |", "|---|---|---|", ...rows, ""].join("\n");
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-bench-commits-"));
try {
  const probe = buildProbe("go", dir);
  const all = listSchema.parse(JSON.parse(readFileSync(values.list, "utf8")));
  const list = all.filter(({ repository, commit }) =>
    `${repository}@${commit}`.startsWith(values.only),
  );
  const totals = { scripts: 0, wrong: 0, declarations: 0 };
  for (const [index, listed] of list.entries()) {
    const shown = await showCommit(listed, probe, join(dir, String(index)));
    totals.scripts += shown.count;
    totals.wrong += shown.wrong;
    totals.declarations += shown.declarations;
  }
  if (values.note !== undefined) writeFileSync(values.note, noteOf(list));
  const misjudged = list.filter(({ verdict }) => verdict !== "right").length;
  console.log(JSON.stringify({ commits: list.length, ...totals, misjudged }));
} finally {
  rmSync(dir, { recursive: true, force: true });
}
