// What strangers' code may try, tried: the module test/testdata/go/attacks is measured as code that is
// not trusted. Each attack must fail, and what the run says of it must be true.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEvidence } from "../../src/collect/read-evidence.ts";
import type { Manifest } from "../../src/evidence/manifest.ts";
import { readProcesses } from "../../src/evidence/pair-text.ts";
import { touchGoFiles } from "../go-repository.ts";
import { isRunning } from "../processes.ts";
import { collectFrom, type Measured } from "./collect-from.ts";

const SECRET = "not-for-strangers";
const dir = mkdtempSync(join(tmpdir(), "tailguard-attacks-"));
const secrets = join(dir, "secrets");
const workDir = join(dir, "work");
const outDir = join(dir, "out");

beforeAll(() => {
  mkdirSync(join(secrets, "module"), { recursive: true });
  writeFileSync(join(secrets, ".env"), `PRIVATE_KEY=${SECRET}\n`);
  // Go files that cannot be read make the go command quote them.
  writeFileSync(join(secrets, "module", "go.mod"), `module example.com/outside\n\n${SECRET}\n`);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Attack = Omit<Measured, "options"> & { readonly options?: Partial<Measured["options"]> };

/** Measures a module as strangers' code. */
function attackWith(name: string, more: Attack = {}): Promise<Manifest> {
  return collectFrom(name, {
    trust: "untrusted",
    budgetSeconds: 3,
    ...more,
    options: { outDir, workDir, sandbox: "required", ...more.options },
  });
}

/** Every file below a folder, and what it holds. */
function filesBelow(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path, "latin1")];
    }),
  );
}

describe("benchmarks that attack", () => {
  let manifest: Manifest;
  let connections = 0;

  beforeAll(async () => {
    process.env.TAILGUARD_TEST_SECRET = SECRET;
    const server = createServer(() => connections++).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    manifest = await attackWith("attacks", {
      change: {
        edit: (at) => {
          touchGoFiles.edit(at);
          symlinkSync(join(secrets, ".env"), join(at, "leak_test.go"));
          symlinkSync("/etc", join(at, "etc"));
        },
      },
      env: {
        ATTACK_PATHS: [secrets, join(secrets, ".env"), homedir()].join(delimiter),
        ATTACK_LISTENER: `127.0.0.1:${port}`,
      },
      // Of a machine of 2 GiB a benchmark may use 819 MiB, and 256 MiB of files.
      options: { memoryBytes: 2 * 2 ** 30 },
    });
    server.close();
    delete process.env.TAILGUARD_TEST_SECRET;
  }, 170_000);

  /** Benchmarks of which the run must say something; all others ran, or had no turn to be timed. */
  const expected: readonly (readonly [name: string, status: string, reason: RegExp])[] = [
    ["BenchmarkAsksForTooMuch", "failed", /^base and head: it dies: runtime: out of memory/],
    [
      "BenchmarkEatsMemory",
      "failed",
      /^base and head: its processes used more than 819 MiB of memory/,
    ],
    ["BenchmarkExits", "failed", /^base and head: it panics: unexpected call to os\.Exit\(0\)/],
    ["BenchmarkFillsFolders", "failed", /^base.*: it left no room in .*no space left on device/],
    [
      "BenchmarkForkBomb",
      "failed",
      /^base and head: it started more than \d+ processes and threads/,
    ],
    ["BenchmarkManySubs", "failed", /^base and head: it did not end within its time limit/],
    ["BenchmarkNever", "failed", /^base and head: it did not end within its time limit/],
  ];

  test("none gets what it tries for", () => {
    expect(connections).toBe(0);
    expect(JSON.stringify(manifest)).not.toMatch(/ATTACK:|not-for-strangers/);
    expect([...filesBelow(outDir).values()].join("\n")).not.toContain(SECRET);
    expect(readFileSync(join(secrets, ".env"), "utf8")).toBe(`PRIVATE_KEY=${SECRET}\n`);
    const written = [...filesBelow(dir).keys()].filter((path) => path.endsWith("attack.txt"));
    expect(written).toEqual([]);
    expect(isRunning("sleep 604") || isRunning("sleep 605")).toBe(false);
    expect(readdirSync(workDir)).toEqual(["cache"]);
  });

  test("what they do to themselves is said, and costs nobody else", () => {
    const others = manifest.benchmarks.filter(
      ({ package: path, status, reason }) =>
        !(path.endsWith("/plugin") || path.endsWith("/includes")) &&
        status !== "measured" &&
        reason !== "the budget ended before its turn",
    );
    expect(others.map(({ name }) => name).sort()).toEqual(expected.map(([name]) => name));
    for (const [name, status, reason] of expected) {
      const record = others.find((at) => at.name === name);
      expect(record).toMatchObject({ status, reason: expect.stringMatching(reason) });
    }
    const names = manifest.benchmarks.map(({ name }) => name);
    expect(names).toContain("BenchmarkGood");
    expect(names).toContain("BenchmarkServesItself");
    expect(names).toContain("BenchmarkKillsOthers");
  });

  test("a build cannot be made to load a plugin or to read a file of the host", () => {
    const reasons = new Map(manifest.benchmarks.map((at) => [at.package, at.reason]));
    // Without a C compiler such packages have no files at all.
    const hasNoCompiler = "|build constraints exclude all Go files|C compiler .* not found";
    expect(reasons.get("example.com/attacks/plugin")).toMatch(
      new RegExp(
        `builds on neither side: .*(invalid flag in #cgo CFLAGS: -fplugin${hasNoCompiler})`,
      ),
    );
    expect(reasons.get("example.com/attacks/includes")).toMatch(
      new RegExp(
        `builds on neither side: .*(/etc/shadow: No such file or directory${hasNoCompiler})`,
      ),
    );
  });

  test("names are free of control characters, and the evidence of what was printed", async () => {
    const { packages } = await readEvidence(outDir);
    for (const { name } of manifest.benchmarks) expect(name).toMatch(/^[\P{Cc}]+$/u);
    for (const { baseBench, headBench } of packages) {
      for (const text of [baseBench, headBench]) {
        expect(text).not.toContain("elsewhere");
        const { processes, problems } = readProcesses(text);
        expect(problems).toEqual([]);
        const names = processes.map(({ results }) => new Set(results.map(({ name }) => name)).size);
        expect(new Set(names)).toEqual(new Set(text.includes("# pair") ? [1] : []));
      }
    }
  });

  test("links that lead out of the repository are left out, and the report says so", () => {
    expect(manifest.machine.warnings.join("\n")).toMatch(
      /links that lead out of the repository were left out: etc and 1 more/,
    );
  });
});

describe("modules that attack", () => {
  const outside = join(secrets, "module");

  test.each([
    [
      "replaced by a folder of the host",
      "go.mod",
      `\nrequire example.com/outside v0.0.0\n\nreplace example.com/outside => ${outside}\n`,
    ],
    ["in a workspace with a folder of the host", "go.work", `go 1.21\n\nuse .\nuse ${outside}\n`],
  ])("%s", async (_name, file, text) => {
    const manifest = await attackWith("hostile/panics", {
      change: {
        edit: (at) => {
          appendFileSync(join(at, file), text);
          appendFileSync(join(at, "panics_test.go"), '\nimport _ "example.com/outside"\n');
        },
      },
    });
    expect(manifest.outcome).toMatchObject({ kind: "build-failed", side: "head" });
    expect(JSON.stringify(manifest)).not.toContain(SECRET);
  });

  for (const trust of ["trusted", "untrusted"] as const) {
    test(`whose go.mod is a link to a file of the host (${trust})`, async () => {
      const edit = (at: string) => {
        rmSync(join(at, "go.mod"));
        symlinkSync(join(outside, "go.mod"), join(at, "go.mod"));
      };
      const refused = await attackWith("hostile/panics", { trust, change: { edit } }).catch(
        (error: unknown) => error,
      );
      expect(refused).toMatchObject({ code: "TG_NO_GO_MODULE", log: "" });
      expect(String(refused)).not.toContain(SECRET);
    });
  }

  test("that wants a toolchain which is not there gets none inside the sandbox", async () => {
    const edit = (at: string) =>
      writeFileSync(join(at, "inner", "go.mod"), "module example.com/nested/inner\n\ngo 1.999\n");
    const manifest = await attackWith("hostile/nested", { change: { edit } });
    expect(manifest.outcome).toMatchObject({
      kind: "build-failed",
      side: "head",
      package: "inner",
      log: expect.stringMatching(/requires go >= 1\.999 .*GOTOOLCHAIN=local/),
    });
  });
});

describe("where bubblewrap cannot run", () => {
  const programs = join(dir, "programs");
  const withoutBubblewrap = async <T>(use: () => Promise<T>): Promise<T> => {
    const { PATH = "" } = process.env;
    mkdirSync(programs, { recursive: true });
    for (const name of ["go", "git"]) {
      const found = PATH.split(delimiter).find((at) => existsSync(join(at, name)));
      rmSync(join(programs, name), { force: true });
      symlinkSync(join(found ?? "", name), join(programs, name));
    }
    process.env.PATH = programs;
    return await use().finally(() => {
      process.env.PATH = PATH;
    });
  };

  test("strangers' code is refused, with what to install", async () => {
    const run = () => attackWith("hostile/no-benchmarks", { options: { sandbox: "off" } });
    await expect(withoutBubblewrap(run)).rejects.toMatchObject({
      code: "TG_SANDBOX_MISSING",
      message: expect.stringContaining("not installed"),
      hint: expect.stringContaining("apt-get install bubblewrap"),
    });
  });

  test("trusted code is measured, with a warning", async () => {
    const options = { sandbox: "preferred" } as const;
    const run = () => attackWith("hostile/no-benchmarks", { trust: "trusted", options });
    const { machine } = await withoutBubblewrap(run);
    expect(machine.sandbox).toBe("none");
    expect(machine.warnings.join("\n")).toContain(
      "no sandbox: bubblewrap (bwrap) is not installed",
    );
  });
});
