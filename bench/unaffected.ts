// Is a benchmark that is skipped as unaffected really the same code on both sides?
//
//   script/bench unaffected --clone DIR [--commits 10] [--go local]
//
// Takes the newest commits of a repository that change Go files, and on top of its newest one a
// comment on every file, a new name for an unexported function, and a new test beside the
// benchmarks. Each is compared with its
// parent as a run does, and then checked by other means: for every skipped benchmark, the linked
// binaries are disassembled (go tool objdump), and every function of the module that it reaches
// must be the same instruction by instruction, and call only functions that it reaches.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { symbolPrefix } from "../src/plan/symbol-names.ts";
import { compareSymbols } from "../src/symbols/compare-symbols.ts";
import { reach, symbolGraph } from "../src/symbols/reachable.ts";
import { affectedBetween, type SymbolBuild, SymbolBuilder } from "../test/collect/symbol-builds.ts";

const { values } = parseArgs({
  options: {
    clone: { type: "string" },
    commits: { type: "string", default: "10" },
    go: { type: "string", default: "local" },
  },
});

type Change = { readonly title: string; readonly baseDir: string; readonly headDir: string };
type Tally = {
  packages: number;
  benchmarks: number;
  skipped: number;
  compared: number;
  wrong: number;
};

const workDir = mkdtempSync(join(tmpdir(), "tailguard-unaffected-"));

function git(...args: string[]): string {
  return execFileSync("git", ["-C", values.clone ?? ".", ...args], { encoding: "utf8" }).trim();
}

function checkOut(commit: string): string {
  const dir = join(workDir, commit);
  if (existsSync(dir)) return dir;
  execFileSync("git", ["clone", "--quiet", "--no-checkout", values.clone ?? ".", dir]);
  execFileSync("git", ["-C", dir, "checkout", "--quiet", commit]);
  rmSync(join(dir, ".git"), { recursive: true, force: true });
  return dir;
}

function edited(commit: string, name: string, edit: (text: string) => string): Change {
  const baseDir = checkOut(commit);
  const headDir = join(workDir, name);
  cpSync(baseDir, headDir, { recursive: true });
  for (const file of readdirSync(headDir).filter((at) => at.endsWith(".go"))) {
    writeFileSync(join(headDir, file), edit(readFileSync(join(headDir, file), "utf8")));
  }
  return { title: name, baseDir, headDir };
}

/** A change of tests only: one more test function, that calls the package's own code or none. */
function withNewTest(commit: string): Change {
  const baseDir = checkOut(commit);
  const headDir = join(workDir, "test only");
  cpSync(baseDir, headDir, { recursive: true });
  const name = readdirSync(headDir).find((at) => at.endsWith("_test.go"));
  if (name === undefined) return { title: "test only (no test file)", baseDir, headDir };
  const text = readFileSync(join(headDir, name), "utf8");
  const clause = /^package \w+/m.exec(text)?.[0] ?? "package main";
  const test = `func TestAddedByBench(t *testing.T) { t.Log(t.Name()) }`;
  writeFileSync(
    join(headDir, "added_by_bench_test.go"),
    `${clause}\n\nimport "testing"\n\n${test}\n`,
  );
  return { title: "test only", baseDir, headDir };
}

/** An unexported function of the root package whose name is no other word in it. */
function functionToRename(dir: string): string | undefined {
  const texts = readdirSync(dir)
    .filter((at) => at.endsWith(".go"))
    .map((at) => readFileSync(join(dir, at), "utf8"));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^func ([a-z]\w{5,})\(/gm)].map((at) => at[1] ?? ""),
  );
  return names.find(
    (name) => !texts.some((text) => new RegExp(`[."]${name}\\b|type ${name}\\b`).test(text)),
  );
}

function changes(): Change[] {
  const log = git("log", "--no-merges", `-n${values.commits}`, "--format=%H %s", "--", "*.go");
  const commits = log.split("\n").map((line) => {
    const [commit = "", ...subject] = line.split(" ");
    return { title: `${commit.slice(0, 7)} ${subject.join(" ").slice(0, 50)}`, commit };
  });
  const newest = git("rev-parse", "HEAD");
  const name = functionToRename(checkOut(newest)) ?? "";
  return [
    edited(newest, "comment", (text) => `// A comment.\n\n${text}`),
    edited(newest, `rename ${name}`, (text) =>
      name === "" ? text : text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}Renamed`),
    ),
    withNewTest(newest),
    ...commits.map(({ title, commit }) => {
      return {
        title,
        baseDir: checkOut(git("rev-parse", `${commit}~1`)),
        headDir: checkOut(commit),
      };
    }),
  ];
}

type Disassembly = ReadonlyMap<
  string,
  { readonly code: string; readonly calls: readonly string[] }
>;

/** Functions of the module by name, instruction by instruction, blind to where they stand. */
function disassemble(binaryPath: string, modulePath: string): Disassembly {
  const text = execFileSync(
    "go",
    ["tool", "objdump", "-s", modulePath.replaceAll(".", "\\."), binaryPath],
    { encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const functions = new Map<string, { code: string; calls: string[] }>();
  for (const block of text.split(/^TEXT /m).slice(1)) {
    const [head = "", ...lines] = block.split("\n");
    const name = head.slice(0, head.indexOf("(SB)"));
    const fields = lines.map((line) => line.trim().split(/\t+/)).filter((at) => at.length >= 4);
    const start = Number(fields[0]?.[1]);
    const code = fields.map((at) =>
      at
        .slice(3)
        .join(" ")
        .trim()
        .replace(/^([A-Z]+) (0x[0-9a-f]+)$/, (_, jump, to) => `${jump} +${Number(to) - start}`)
        .replace(/-?0x[0-9a-f]+\(IP\)/, "?(IP)"),
    );
    const calls = code.flatMap((at) => /^(?:CALL|JMP) (.*)\(SB\)$/.exec(at)?.[1] ?? []);
    functions.set(name, { code: code.join("\n"), calls });
  }
  return functions;
}

type Sides = { readonly base: SymbolBuild; readonly head: SymbolBuild };

/** Compares two built packages in the linked binaries; what is wrong with skipping, and how much was looked at. */
function checkSkipped(names: readonly string[], { base, head }: Sides) {
  const { modulePath, importPath } = head.target;
  const dumps = {
    base: disassemble(base.binaryPath, modulePath),
    head: disassemble(head.binaryPath, modulePath),
  };
  const { renamed } = compareSymbols(base.symbols, head.symbols);
  const problems: string[] = [];
  let compared = 0;
  for (const name of names) {
    const roots = [importPath, `${importPath}_test`].map((path) => `${symbolPrefix(path)}.${name}`);
    const inHead = reach(symbolGraph(head.symbols), roots);
    for (const symbol of reach(symbolGraph(base.symbols), roots)) {
      const one = dumps.base.get(symbol);
      if (one === undefined) continue;
      compared++;
      const other = dumps.head.get(renamed.get(symbol) ?? symbol);
      if (other?.code !== underNewNames(one.code, renamed))
        problems.push(`${name}: ${symbol} differs`);
      for (const call of other?.calls ?? []) {
        if (dumps.head.has(call) && !inHead.has(call))
          problems.push(`${name}: ${symbol} calls ${call}`);
      }
    }
  }
  return { problems, compared };
}

function underNewNames(code: string, renamed: ReadonlyMap<string, string>): string {
  return [...renamed].reduce((at, [from, to]) => at.replaceAll(`${from}(SB)`, `${to}(SB)`), code);
}

async function checkChange(builder: SymbolBuilder, change: Change, total: Tally): Promise<void> {
  const base = await builder.build(change.baseDir, ["./..."]);
  for (const head of await builder.build(change.headDir, ["./..."])) {
    const other = base.find((at) => at.target.importPath === head.target.importPath);
    if (other === undefined) continue;
    const { reasons, counts } = affectedBetween(other, head);
    const all = new Set([...other.target.functions, ...head.target.functions]);
    const skipped = [...all].filter((name) => !reasons.has(name));
    const { problems, compared } = checkSkipped(skipped, { base: other, head });
    total.packages++;
    total.benchmarks += all.size;
    total.skipped += skipped.length;
    total.compared += compared;
    total.wrong += problems.length;
    const { changed, added, removed } = counts;
    console.log(
      `${change.title}\t${head.target.importPath}\tsymbols +${added} -${removed} ~${changed} =${counts.renamed} of ${head.symbols.symbols.length}\tskipped ${skipped.length} of ${all.size}`,
    );
    for (const problem of problems) console.log(`  WRONG ${problem}`);
  }
}

const builder = new SymbolBuilder();
try {
  const total: Tally = { packages: 0, benchmarks: 0, skipped: 0, compared: 0, wrong: 0 };
  const all = changes();
  await builder.open(values.go, all[0]?.headDir ?? ".");
  for (const change of all) await checkChange(builder, change, total);
  console.log(JSON.stringify(total));
  process.exitCode = total.wrong === 0 ? 0 : 1;
} finally {
  await builder.close();
  rmSync(workDir, { recursive: true, force: true });
}
