// What most people do: `go test -bench -count 10` on base, then on head, then benchstat with its
// defaults. Its words on the same cases, scored the same way.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Case } from "./cases.ts";
import { isListed, type Score } from "./score.ts";

const BENCHSTAT = "golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da";
const UNITS = new Set(["sec/op", "B/op", "allocs/op"]);
const ENV = { ...process.env, GOFLAGS: "", GOWORK: "off" };

type Row = {
  readonly name: string;
  readonly unit: string;
  /** A fraction, 0 where benchstat prints "~". */
  readonly change: number;
};

export type Habit = {
  /** Scores a case, or says why it cannot. */
  run(of: Case, cloneDir: string, pattern: string): Score | string;
  remove(): void;
};

/** Installs benchstat into a folder of its own. */
export function openHabit(): Habit {
  const dir = mkdtempSync(join(tmpdir(), "tailguard-habit-"));
  execFileSync("go", ["install", BENCHSTAT], { env: { ...ENV, GOBIN: dir }, stdio: "inherit" });
  return {
    run: (of, cloneDir, pattern) => {
      const work = join(dir, of.id);
      mkdirSync(work);
      const start = performance.now();
      try {
        for (const side of ["base", "head"] as const) {
          const tree = join(work, `${side}-tree`);
          checkOut(cloneDir, of[side], tree);
          writeFileSync(join(work, `${side}.txt`), benchmarks(join(tree, of.dir), pattern));
        }
        const csv = execFileSync(
          join(dir, "benchstat"),
          ["-format", "csv", "base.txt", "head.txt"],
          {
            cwd: work,
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
          },
        );
        return score(of, rowsOf(csv), (performance.now() - start) / 60_000);
      } catch (error) {
        return `habit: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`;
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A checkout of its own: the clone is only read, and go may complete go.mod here. */
function checkOut(cloneDir: string, commit: string, tree: string): void {
  execFileSync("git", ["clone", "--quiet", "--shared", "--no-checkout", cloneDir, tree]);
  execFileSync("git", ["-C", tree, "checkout", "--quiet", commit]);
}

function benchmarks(dir: string, pattern: string): string {
  if (!existsSync(dir)) throw new Error(`no folder ${dir}`);
  const only = ["-run", "^$", "-bench", pattern, "-benchmem", "-count", "10"];
  return execFileSync("go", ["test", "-mod=mod", ...only, "."], {
    cwd: dir,
    env: ENV,
    encoding: "utf8",
    maxBuffer: 64 << 20,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** benchstat's CSV: a table a unit, its rows "name, base, CI, head, CI, vs base, P". */
export function rowsOf(csv: string): Row[] {
  let unit = "";
  return csv.split("\n").flatMap((line) => {
    const fields = line.split(",");
    if (fields[0] === "" && fields[2] === "CI") unit = fields[1] ?? "";
    const [name = "", , , , , delta = ""] = fields;
    if (fields.length !== 7 || name === "" || name === "geomean" || !UNITS.has(unit)) return [];
    return [
      {
        name: name.replace(/-\d+$/, ""),
        unit,
        change: delta === "~" ? 0 : Number.parseFloat(delta) / 100,
      },
    ];
  });
}

function score(of: Case, rows: readonly Row[], minutes: number): Score {
  const listed = rows.filter(({ name }) => isListed(of, name));
  const worse = listed.some(({ change }) => change > 0);
  const better = listed.some(({ change }) => change < 0);
  const times = listed.filter(({ unit }) => unit === "sec/op").map(({ change }) => change);
  const said = worse ? (better ? "mixed" : "regressed") : better ? "improved" : "same";
  const others = rows.filter(({ name }) => of.expect === "same" || !isListed(of, name));
  return {
    id: of.id,
    expect: of.expect,
    said: rows.length === 0 ? "not measured" : said,
    conclusion: "neutral",
    title: "",
    change: times.sort((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null,
    effect: Math.max(0, ...listed.map(({ change }) => Math.abs(change))),
    causeRank: 0,
    others: [...new Set(others.filter(({ change }) => change > 0).map(({ name }) => name))],
    minutes,
  };
}
