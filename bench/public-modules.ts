// Public Go modules to try ourselves on, as the module proxy serves them: fetched, never kept here.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { goEnvironment } from "./binaries.ts";

export type PublicModule = { readonly path: string; readonly version: string };

/** With benchmarks of their own, of many kinds and sizes. */
export const PUBLIC_MODULES: readonly PublicModule[] = [
  { path: "github.com/valyala/fastjson", version: "v1.6.10" },
  { path: "github.com/cespare/xxhash/v2", version: "v2.3.0" },
  { path: "github.com/BurntSushi/toml", version: "v1.6.0" },
  { path: "github.com/rivo/uniseg", version: "v0.4.7" },
  { path: "github.com/expr-lang/expr", version: "v1.17.8" },
  { path: "github.com/shopspring/decimal", version: "v1.4.0" },
  { path: "github.com/julienschmidt/httprouter", version: "v1.3.0" },
  { path: "github.com/bits-and-blooms/bitset", version: "v1.24.4" },
  { path: "github.com/bmatcuk/doublestar/v4", version: "v4.10.0" },
  { path: "github.com/emirpasic/gods", version: "v1.18.1" },
  { path: "github.com/tidwall/gjson", version: "v1.18.0" },
  { path: "github.com/tidwall/btree", version: "v1.8.1" },
];

/** Downloads a module and gives a folder with a copy that may be written to. */
export function fetchModule(go: string, module: PublicModule, dir: string): string {
  const at = `${module.path}@${module.version}`;
  const answer = execFileSync(go, ["mod", "download", "-json", at], {
    cwd: dir,
    env: { ...goEnvironment(), GOFLAGS: "-mod=mod" },
    encoding: "utf8",
  });
  const { Dir } = JSON.parse(answer) as { Dir: string };
  const copy = join(dir, at.replaceAll(/[/@]/g, "-"));
  cpSync(Dir, copy, { recursive: true });
  execFileSync("chmod", ["-R", "u+w", copy]);
  return copy;
}

/** Its packages with benchmarks, as "./dir". */
export function benchmarkPackages(moduleDir: string): string[] {
  const search = ["-rlE", "--include=*_test.go", "^func Benchmark[^a-z]", "."];
  // grep's status is 1 where there is none.
  const found = spawnSync("grep", search, { cwd: moduleDir, encoding: "utf8" }).stdout;
  const dirs = found
    .split("\n")
    .filter((path) => path !== "" && !/(^|\/)(testdata|vendor|_)/.test(path))
    .map((path) => path.slice(0, path.lastIndexOf("/")));
  return [...new Set(dirs)].sort();
}
