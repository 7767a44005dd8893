// What the server and its local runner need of this machine: git, Go, bubblewrap, the database.
import { tmpdir } from "node:os";
import { runHostCommand } from "../../collect/host-command.ts";
import { checkSandbox } from "../../collect/sandbox.ts";
import { messageChain, UserError } from "../../errors.ts";
import type { Settings } from "../../settings.ts";
import { openStore } from "../../store/open-store.ts";
import { bad, type Checkup, good, unknown, warn } from "./finding.ts";

const TIMEOUT_MS = 10_000;

export async function checkMachine(settings: Settings): Promise<readonly Checkup[]> {
  return [
    await checkDatabase(settings),
    await checkTool(["git", "--version"], "Install git."),
    ...(settings.runners === "local" ? await checkLocalRunner(settings) : []),
  ];
}

async function checkLocalRunner(settings: Settings): Promise<readonly Checkup[]> {
  const go = await checkTool(["go", "version"], "Install Go, or set RUNNERS=none.");
  const sandbox = await checkSandbox();
  if (sandbox.works) return [go, good("bubblewrap works")];
  const advice = "Install bubblewrap, and allow user namespaces where they are forbidden.";
  const what = `no sandbox: ${sandbox.reason}`;
  return [go, settings.sandbox === "required" ? bad(what, advice) : warn(what, advice)];
}

async function checkTool(argv: readonly [string, ...string[]], advice: string): Promise<Checkup> {
  const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? tmpdir() };
  const result = await runHostCommand({ argv, dir: tmpdir(), env, timeoutMs: TIMEOUT_MS });
  if (result.exitCode === 0) return good(result.stdout.trim().split("\n")[0] ?? argv[0]);
  return bad(`${argv.join(" ")} fails: ${result.stderr.trim().slice(0, 200)}`, advice);
}

/** A database that a running server holds is as it should be. */
async function checkDatabase({ dataDir, databaseUrl }: Settings): Promise<Checkup> {
  const where = databaseUrl === undefined ? dataDir : "PostgreSQL";
  try {
    const store = await openStore({
      dataDir,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      onLost: () => undefined,
    });
    await store.close();
    return good(`the database opens (${where})`);
  } catch (error) {
    if (error instanceof UserError && error.code === "TG_DATA_DIRECTORY_BUSY") {
      return good(`the database is in use by a running server (${where})`);
    }
    const advice = "Check DATA_DIR or DATABASE_URL.";
    return unknown(`the database does not open: ${messageChain(error).slice(0, 300)}`, advice);
  }
}
