// Which Go runs a cell: the one on PATH, a version that Go itself fetches, or a path.
//
// The toolchain is settled once, outside the sandbox, and then called by its own path with
// GOTOOLCHAIN=local, so that both sides are built by the same one and nothing is fetched later.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { runHostCommand } from "./host-command.ts";

/** A settled toolchain and its folders, all absolute. */
export type Toolchain = {
  readonly goPath: string;
  readonly goRoot: string;
  /** As `go version` names it: "go1.26.8". */
  readonly version: string;
  readonly moduleCacheDir: string;
  readonly buildCacheDir: string;
  /** Environment of every go command of this cell. */
  readonly env: Readonly<Record<string, string>>;
};

/** `-mod=readonly` with -modfile, -trimpath on test binaries and BuildInfo need this much. */
const OLDEST_MINOR = 18;

/** Settings that decide what is built or from where modules come; the user may keep them in a file. */
const SETTLED_KEYS = [
  "GOFLAGS",
  "GOPROXY",
  "GONOPROXY",
  "GOPRIVATE",
  "GONOSUMDB",
  "GOSUMDB",
  "GOINSECURE",
  "GOVCS",
  "GOEXPERIMENT",
  "GOAMD64",
  "GOARM64",
  "CGO_ENABLED",
  "CC",
  "CXX",
];
const goEnvSchema = z
  .object({
    GOROOT: z.string().min(1),
    GOVERSION: z.string().min(1),
    GOMODCACHE: z.string().min(1),
    GOCACHE: z.string().min(1),
  })
  .catchall(z.string());
const GO_ENV_KEYS = [...Object.keys(goEnvSchema.shape), ...SETTLED_KEYS];

/** What of our own environment go commands may see: where things are, never a secret. */
const PASSED_ON = [
  "PATH",
  "HOME",
  "GOPATH",
  "GOMODCACHE",
  "GOCACHE",
  "GOFLAGS",
  "GOPROXY",
  "GONOPROXY",
  "GOPRIVATE",
  "GONOSUMDB",
  "GOSUMDB",
  "GOINSECURE",
  "GOEXPERIMENT",
  "GOAMD64",
  "GOARM64",
  "CC",
  "CXX",
  "CGO_ENABLED",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

function inherited(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/**
 * Settles the toolchain of a cell.
 * @param go "local", a version ("1.26.8", "go1.26.8"), or a path to a go command or a GOROOT.
 * @param moduleDir a folder with the go.mod whose `go` and `toolchain` lines count.
 */
export async function settleToolchain(
  go: string,
  cellEnv: Readonly<Record<string, string>>,
  moduleDir: string,
): Promise<Toolchain> {
  const command = goCommand(go);
  const env: Record<string, string> = { ...inherited(), ...cellEnv };
  const asked = process.env.GOTOOLCHAIN;
  if (command.toolchain !== "") env.GOTOOLCHAIN = command.toolchain;
  else if (asked !== undefined) env.GOTOOLCHAIN = asked;
  const result = await runHostCommand({
    argv: [command.path, "env", "-json", ...GO_ENV_KEYS],
    dir: moduleDir,
    env,
    timeoutMs: 300_000, // A toolchain of 70 MB may have to come over a slow line.
  });
  if (result.outcome === "start-failed") {
    throw new UserError("TG_NO_GO_TOOLCHAIN", `The Go command "${command.path}" was not found.`, {
      hint: "Install Go (https://go.dev/dl) or name another with --go.",
    });
  }
  if (result.exitCode !== 0) {
    throw new UserError("TG_NO_GO_TOOLCHAIN", `The Go toolchain "${go}" could not be used.`, {
      hint: "The log says why; --go local takes the one on PATH.",
      log: result.stderr.slice(0, 4000),
    });
  }
  const found = goEnvSchema.parse(JSON.parse(result.stdout));
  requireNewEnough(found.GOVERSION);
  return {
    goPath: join(found.GOROOT, "bin", "go"),
    goRoot: found.GOROOT,
    version: found.GOVERSION,
    moduleCacheDir: found.GOMODCACHE,
    buildCacheDir: found.GOCACHE,
    env: {
      ...env,
      ...Object.fromEntries(SETTLED_KEYS.map((key) => [key, found[key] ?? ""]).filter(isSet)),
      // Settled above: the same inside the sandbox, where the user's file of settings is not.
      GOENV: "off",
      GOROOT: found.GOROOT,
      GOMODCACHE: found.GOMODCACHE,
      GOCACHE: found.GOCACHE,
      GOTOOLCHAIN: "local",
    },
  };
}

/** An empty value is no setting: some variables have no valid empty one. */
function isSet(entry: string[]): boolean {
  return entry[1] !== "";
}

function goCommand(go: string): { path: string; toolchain: string } {
  if (go === "local") return { path: "go", toolchain: "" };
  if (/^(go)?1\.\d+(\.\d+|rc\d+)?$/.test(go)) {
    return { path: "go", toolchain: go.startsWith("go") ? go : `go${go}` };
  }
  const inRoot = join(go, "bin", "go");
  return { path: existsSync(inRoot) ? inRoot : go, toolchain: "local" };
}

function requireNewEnough(version: string): void {
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? Number.POSITIVE_INFINITY);
  if (minor >= OLDEST_MINOR) return;
  throw new UserError(
    "TG_GO_TOO_OLD",
    `${version} is too old; 1.${OLDEST_MINOR} is the oldest that works.`,
    {
      hint: "Name a newer one with --go.",
    },
  );
}

/** Whether this toolchain's linker can shuffle the layout of functions: `-randlayout`, Go 1.23. */
export function hasRandomLayout(version: string): boolean {
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1] ?? 99);
  return minor >= 23;
}
