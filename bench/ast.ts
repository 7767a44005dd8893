// How long do reading and comparing a large pull request take, and how much memory?
//
//   script/bench ast [--files 500] [--rounds 3] [--difft PATH]
//
// 500 files of Go's own source tree with one to three seeded edits each. `seconds` is the wall time
// of a whole process (node's start included) that has the probe read both sides of the changed
// files, nothing kept from before, and compares every declaration that differs; the median over
// the rounds. `megabytes` are the peaks of that process and of the probe together. Printed beside
// it: the same for the whole repository with what an earlier run kept, where only what changed is
// read. Peers see the same files: `gofmt -l` reads both sides of each, as comparing must;
// difftastic compares them. The article's figures are those of its tool chain: export, snapshot,
// visitor.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Launcher } from "../src/collect/launcher.ts";
import { median } from "../src/stats/quantile.ts";
import { copyChanged, makePullRequest, type PullRequest } from "./ast/make-pull-request.ts";
import { type Cost, cost, openLauncher } from "./process-cost.ts";

const ONCE = fileURLToPath(new URL("ast/once.mjs", import.meta.url));

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "500" },
    rounds: { type: "string", default: "3" },
    difft: { type: "string", default: "difft" },
  },
});

/** The median time of some runs, with the largest memory. */
async function costs(rounds: number, run: () => Promise<Cost>): Promise<Cost> {
  const all: Cost[] = [];
  for (let round = 0; round < rounds; round++) all.push(await run());
  return {
    seconds: median(all.map(({ seconds }) => seconds)),
    cpuSeconds: median(all.map(({ cpuSeconds }) => cpuSeconds)),
    megabytes: Math.max(...all.map(({ megabytes }) => megabytes)),
    output: all[0]?.output ?? "",
  };
}

type Setup = {
  readonly launcher: Launcher;
  readonly dir: string;
  readonly pull: PullRequest;
  readonly probe: string;
  readonly rounds: number;
};

/** A probe in a folder of its own keeps what it reads there. */
function freshProbe({ dir, probe }: Setup, name: string): string {
  mkdirSync(join(dir, name));
  copyFileSync(probe, join(dir, name, "probe"));
  return join(dir, name, "probe");
}

async function ours(setup: Setup): Promise<{ cold: Cost; warm: Cost; probeMegabytes: number }> {
  const { launcher, dir, pull, rounds } = setup;
  const json = (name: string, value: unknown) => {
    writeFileSync(join(dir, name), JSON.stringify(value));
    return join(dir, name);
  };
  const changed = json("changed.json", pull.changed);
  const files = json("files.json", pull.files);
  const once = (probe: string, ...more: string[]) =>
    cost(
      launcher,
      [process.execPath, ONCE, probe, pull.baseDir, pull.headDir, changed, ...more],
      dir,
    );
  const cold = await costs(rounds, () =>
    once(freshProbe(setup, "cold")).finally(() => rmSync(join(dir, "cold"), { recursive: true })),
  );
  // An earlier run read the files as they are on base: of those that did not change since, this one
  // finds kept what it needs.
  const warmProbe = freshProbe(setup, "warm");
  const base = json(
    "base.json",
    pull.files
      .filter(({ side }) => side === "base")
      .flatMap((file) => [file, { ...file, side: "head" }]),
  );
  await once(warmProbe, base);
  const warm = await costs(1, () => once(warmProbe, files));
  const records = pull.changed.flatMap((path) => [`base - ${path}`, `head - ${path}`]).join("\0");
  writeFileSync(join(dir, "records"), records);
  const command = `exec ${setup.probe} syntax -base ${pull.baseDir} -head ${pull.headDir} < records > /dev/null`;
  const alone = await cost(launcher, ["sh", "-c", command], dir);
  return { cold, warm, probeMegabytes: alone.megabytes };
}

async function peers({ launcher, dir, pull, rounds }: Setup): Promise<Map<string, Cost | string>> {
  const found = new Map<string, Cost | string>();
  const copies = copyChanged(pull, dir);
  const both = [copies.base, copies.head].flatMap((root) =>
    pull.changed.map((path) => join(root, path)),
  );
  found.set("gofmt -l", await costs(rounds, () => cost(launcher, ["gofmt", "-l", ...both], dir)));
  const head = both.slice(pull.changed.length);
  found.set(
    "gofmt -l, head side only",
    await costs(rounds, () => cost(launcher, ["gofmt", "-l", ...head], dir)),
  );
  found.set(
    "difftastic",
    isInstalled(values.difft)
      ? await cost(
          launcher,
          [values.difft, "--color=never", "--display=inline", copies.base, copies.head],
          dir,
        )
      : "not installed: cargo install --locked difftastic",
  );
  found.set("gumtree", "not installed: it has no Go parser of its own");
  return found;
}

function isInstalled(program: string): boolean {
  if (existsSync(program)) return true;
  try {
    execFileSync("sh", ["-c", `command -v "${program}"`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function line(name: string, of: Cost | string): string {
  const text =
    typeof of === "string"
      ? of
      : `${of.seconds.toFixed(2)} s  ${of.cpuSeconds.toFixed(2)} s CPU  ${of.megabytes.toFixed(0)} MB`;
  return `${name.padEnd(48)}${text}`;
}

const dir = mkdtempSync(join(tmpdir(), "tailguard-bench-ast-"));
const { launcher, probe } = openLauncher(dir);
try {
  const goRoot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
  const pull = makePullRequest(join(goRoot, "src"), dir, Number(values.files));
  const setup = { launcher, dir, pull, probe, rounds: Number(values.rounds) };
  const own = await ours(setup);
  const others = await peers(setup);
  const megabytes = own.cold.megabytes + own.probeMegabytes;
  console.log(
    `${pull.changed.length} changed files of ${pull.files.length / 2}; ${own.cold.output.trim()}`,
  );
  console.log(line("read and compare, nothing kept", { ...own.cold, megabytes }));
  console.log(line("whole repository, base kept from an earlier run", own.warm));
  for (const [name, of] of others) console.log(line(name, of));
  console.log(line("the article: export", "1.20 s  180 MB"));
  console.log(line("the article: snapshot", "0.30 s  45 MB"));
  console.log(line("the article: visitor", "0.08 s"));
  // The same files on both sides: reading one side only is another task.
  const comparable = [...others].flatMap(([name, of]) =>
    typeof of === "string" || name.includes("only") ? [] : [{ name, seconds: of.seconds }],
  );
  const best = comparable.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  console.log(
    JSON.stringify({
      files: pull.changed.length,
      seconds: own.cold.seconds,
      megabytes,
      bestPeerSeconds: best.seconds,
      bestPeer: best.name,
    }),
  );
} finally {
  await launcher.close();
  rmSync(dir, { recursive: true, force: true });
}
