// What the compiler says of a change that no benchmark reaches, or in a repository that has none: the
// decisions are deterministic and need no run. Both sides are compiled as they are, without tests.
//
// In a small module all packages are compiled, so that callers of what changed are seen too; in a
// large one those that changed, with what they import. A side that does not build says nothing here:
// whether a test of a package builds is the business of build-all.ts.
import { existsSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Side } from "../evidence/manifest.ts";
import { inModule, type ModuleTarget } from "../plan/module-targets.ts";
import { failureLog } from "./build.ts";
import type { CellRequest } from "./cell-request.ts";
import type { Toolchain } from "./go-toolchain.ts";
import { hasSucceeded, type Launcher } from "./launcher.ts";

export type CompiledModule = {
  readonly importPath: string;
  /** Relative to the repository's root, "." for the root. */
  readonly dir: string;
  /** Folders of compiled packages, relative to the repository's root. */
  readonly dirs: readonly string[];
  /** `-m=2` text and bounds checks of all compiled packages. */
  readonly texts: Readonly<Record<Side, string>>;
};

export type Compiled = {
  readonly modules: readonly CompiledModule[];
  /** For people: why a module is not among them. */
  readonly problems: readonly string[];
};

/** Up to so many folders with Go files the whole module is compiled: some seconds. */
const SMALL_MODULE_FOLDERS = 40;
/** Packages compiled of a large module. */
const MOST_PACKAGES = 40;
/** Nobody waits longer for what is not even measured. */
const TIMEOUT_MS = 3 * 60_000;
/** As src/collect/compiler-text.ts keeps of a measured package. */
const MAX_TEXT_BYTES = 192 << 20;

type Tools = {
  readonly toolchain: Toolchain;
  readonly builders: Readonly<Record<Side, Launcher>>;
};

/** Compiles the modules in which the change touches Go files that ship. */
export async function compileUnmeasured(
  targets: readonly ModuleTarget[],
  tools: Tools,
  request: CellRequest,
): Promise<Compiled> {
  const modules: CompiledModule[] = [];
  const problems: string[] = [];
  for (const [index, target] of targets.entries()) {
    request.signal.throwIfAborted();
    const folders = changedFolders(target.dir, request);
    if (folders.length === 0) continue;
    const compiled = await compileModule(target.dir, { index, folders }, tools, request);
    if (typeof compiled === "string") problems.push(compiled);
    else modules.push(compiled);
  }
  return { modules, problems };
}

/** Folders of a module, relative to it, whose shipped Go files differ and that both sides have. */
function changedFolders(moduleDir: string, { plan, checkout }: CellRequest): string[] {
  const isOwn = inModule(checkout.moduleFiles.head, moduleDir);
  const folders = new Set<string>();
  for (const { path, previousPath } of plan.changedFiles) {
    for (const file of previousPath === undefined ? [path] : [path, previousPath]) {
      if (!isShipped(file) || !isOwn(file)) continue;
      const folder = folderOf(relativeTo(moduleDir, file)) || ".";
      const isThere = (side: Side) => hasGoFiles(checkout.goBlobs[side], moduleDir, folder);
      if (isThere("base") && isThere("head")) folders.add(folder);
    }
  }
  return [...folders].sort();
}

function isShipped(path: string): boolean {
  return (
    path.endsWith(".go") &&
    !path.endsWith("_test.go") &&
    !/(^|\/)(testdata|vendor|[._][^/]*)\//.test(path)
  );
}

/** Empty for a file at the root. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function relativeTo(dir: string, path: string): string {
  return dir === "." ? path : path.slice(dir.length + 1);
}

function hasGoFiles(
  blobs: ReadonlyMap<string, string>,
  moduleDir: string,
  folder: string,
): boolean {
  const dir = [moduleDir, folder].filter((part) => part !== ".").join("/");
  return [...blobs.keys()].some((path) => isShipped(path) && folderOf(path) === dir);
}

type Choice = { readonly index: number; readonly folders: readonly string[] };

async function compileModule(
  moduleDir: string,
  { index, folders }: Choice,
  { toolchain, builders }: Tools,
  request: CellRequest,
): Promise<CompiledModule | string> {
  const { workspace, goBlobs, moduleFiles } = request.checkout;
  const name = moduleDir === "." ? "the module" : `the module in ${moduleDir}`;
  const goMod = await readFile(join(workspace.headDir, moduleDir, "go.mod"), "utf8").catch(
    () => "",
  );
  const importPath = modulePath(goMod);
  if (importPath === undefined) return `${name} was not compiled: its go.mod names no module`;
  const isOwn = inModule(moduleFiles.head, moduleDir);
  const shipped = [...goBlobs.head.keys()].filter((path) => isShipped(path) && isOwn(path));
  const all = new Set(shipped.map(folderOf));
  const isSmall = all.size <= SMALL_MODULE_FOLDERS;
  const chosen = folders.slice(0, MOST_PACKAGES);
  const texts: Record<Side, string> = { base: "", head: "" };
  for (const side of ["base", "head"] as const) {
    const dir = join(side === "base" ? workspace.baseDir : workspace.headDir, moduleDir);
    const built = await buildSide(builders[side], {
      toolchain,
      dir,
      importPath,
      flags: moduleFlags(dir, join(workspace.modFilesDir, `${side}-${index}`)),
      patterns: isSmall ? ["./..."] : chosen.map((folder) => `./${folder}`),
      textPath: join(workspace.binariesDir, `${side}-${index}.unmeasured`),
    });
    if (built.problem !== "")
      return `${name} was not compiled: ${side} does not build: ${built.problem}`;
    texts[side] = built.text;
  }
  const inRepository = (folder: string) =>
    [moduleDir, folder].filter((part) => part !== ".").join("/") || ".";
  const dirs = isSmall ? [...all].map((dir) => dir || ".") : chosen.map(inRepository);
  return { importPath, dir: moduleDir, dirs, texts };
}

type SideBuild = {
  readonly toolchain: Toolchain;
  /** Folder of the module. */
  readonly dir: string;
  readonly importPath: string;
  readonly flags: readonly string[];
  readonly patterns: readonly string[];
  readonly textPath: string;
};

/** `problem` is the first error of a build that failed; empty when it did not. */
async function buildSide(
  launcher: Launcher,
  { toolchain, dir, importPath, flags, patterns, textPath }: SideBuild,
): Promise<{ readonly text: string; readonly problem: string }> {
  if (!existsSync(join(dir, "go.mod"))) return { text: "", problem: "it has no such module" };
  const result = await launcher.run({
    argv: [
      toolchain.goPath,
      "build",
      "-trimpath",
      "-buildvcs=false",
      ...flags,
      `-gcflags=${importPath}/...=-m=2 -d=ssa/check_bce/debug=1`,
      "-o",
      "/dev/null",
      ...patterns,
    ],
    dir,
    env: { ...toolchain.env, HOME: "/tmp", TMPDIR: "/tmp", GOPROXY: "off", GOSUMDB: "off" },
    timeoutMs: TIMEOUT_MS,
    maxStdoutBytes: 1 << 20,
    maxStderrBytes: MAX_TEXT_BYTES,
    stderrPath: textPath,
  });
  const text = await takeText(textPath);
  if (hasSucceeded(result)) return { text, problem: "" };
  if (result.outcome !== "exited") return { text: "", problem: `it was ended (${result.outcome})` };
  const errors = failureLog("", text).split("\n");
  const first = errors.find((line) => line !== "" && !line.startsWith("#")) ?? "no reason given";
  return { text: "", problem: first.slice(0, 300) };
}

function modulePath(goMod: string): string | undefined {
  return /^module[ \t]+"?([^\s"]+)"?/m.exec(goMod)?.[1];
}

/** As go-packages.ts listed the module: from its vendor folder, or with a completed copy of go.mod. */
function moduleFlags(moduleDir: string, modFileDir: string): string[] {
  if (existsSync(join(moduleDir, "vendor", "modules.txt"))) return ["-mod=vendor"];
  const copy = join(modFileDir, "go.mod");
  return existsSync(copy) ? ["-mod=readonly", `-modfile=${copy}`] : ["-mod=readonly"];
}

async function takeText(path: string): Promise<string> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return "";
  try {
    return await file.readFile("utf8");
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}
