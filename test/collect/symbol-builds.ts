// Builds test binaries as a run does, without a sandbox, and reads their symbols.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildTestBinary, failureLog } from "../../src/collect/build.ts";
import { readCompilerText } from "../../src/collect/compiler-text.ts";
import { type BenchmarkPackage, listBenchmarkPackages } from "../../src/collect/go-packages.ts";
import { settleToolchain, type Toolchain } from "../../src/collect/go-toolchain.ts";
import { Launcher } from "../../src/collect/launcher.ts";
import { machineMemoryBytes, processLimits } from "../../src/collect/limits.ts";
import { buildProbe } from "../../src/collect/probe.ts";
import { type Affected, findAffected } from "../../src/plan/affected.ts";
import type { ChangedFile } from "../../src/plan/plan.ts";
import type { SymbolTable } from "../../src/symbols/table.ts";

/** A package of one side, built. */
export type SymbolBuild = {
  readonly target: BenchmarkPackage;
  readonly symbols: SymbolTable;
  readonly binaryPath: string;
};

/** Builds packages one after the other; close it to remove what it made. */
export class SymbolBuilder {
  readonly #dir = mkdtempSync(join(tmpdir(), "tailguard-symbols-"));
  readonly #signal = new AbortController().signal;
  #tools: { toolchain: Toolchain; probePath: string; launcher: Launcher } | undefined;
  #count = 0;

  /** @param go as cells name toolchains: "local", "1.24.13". */
  async open(go: string, moduleDir: string): Promise<void> {
    const toolchain = await settleToolchain(go, {}, moduleDir);
    const probePath = await buildProbe(toolchain, join(this.#dir, "cache"), this.#signal);
    const launcher = new Launcher({
      probePath,
      limits: processLimits(machineMemoryBytes()),
      inside: undefined,
      signal: this.#signal,
    });
    this.#tools = { toolchain, probePath, launcher };
  }

  /** Builds the packages with benchmarks of the module in a folder of the checkout `rootDir`. */
  async build(
    rootDir: string,
    patterns: readonly string[] = ["."],
    moduleDir = ".",
  ): Promise<SymbolBuild[]> {
    const tools = this.#tools;
    if (tools === undefined) throw new Error("the builder is not open");
    const { toolchain, probePath, launcher } = tools;
    const modFileDir = join(this.#dir, `mod-${this.#count}`);
    const where = { rootDir, moduleDir, modFileDir };
    const signal = this.#signal;
    const listing = await listBenchmarkPackages({
      toolchain,
      patterns,
      prefix: [],
      signal,
      ...where,
    });
    if (listing.kind === "failed") throw new Error(listing.log);
    const builds: SymbolBuild[] = [];
    for (const target of listing.packages) {
      const binaryPath = join(this.#dir, `${this.#count++}.test`);
      const path = `${binaryPath}.compiler`;
      const layoutSeed = undefined;
      const request = {
        toolchain,
        rootDir,
        target,
        layoutSeed,
        binaryPath,
        textPath: path,
        overlayPath: undefined,
      };
      const result = await buildTestBinary(launcher, request);
      const text = await readCompilerText(probePath, { path, isWhole: result.isTextWhole }, signal);
      if (result.kind === "failed") throw new Error(failureLog(result.ending, text.notes));
      builds.push({ target, symbols: text.symbols, binaryPath });
    }
    return builds;
  }

  async close(): Promise<void> {
    await this.#tools?.launcher.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

/** What the change from one build to another reaches. */
export function affectedBetween(
  base: SymbolBuild,
  head: SymbolBuild,
  changedFiles: readonly ChangedFile[] = [],
): Affected {
  return findAffected({
    importPath: head.target.importPath,
    functions: [...new Set([...base.target.functions, ...head.target.functions])],
    changedFiles,
    linked: { base: base.target.linked, head: head.target.linked },
    symbols: { base: base.symbols, head: head.symbols },
  });
}
