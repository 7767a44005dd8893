// Both databases for tests: an embedded one in a fresh directory, and a private PostgreSQL cluster.
//
// The cluster runs on a free port of the loopback, as an unprivileged user (PostgreSQL refuses
// root), in a temporary folder, without fsync; each test gets a database of its own in it. A
// missing PostgreSQL fails the test: a suite that ran on one database only proves half.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { openStore, type Store } from "../../src/store/open-store.ts";

export type TestDatabase = {
  /** What openStore needs to open this database, again and again. */
  options(): { readonly dataDir: string; readonly databaseUrl?: string };
  open(): Promise<Store>;
  remove(): Promise<void>;
};

/** Makes databases of one kind; `stop` removes everything. */
export type Databases = { create(): Promise<TestDatabase>; stop(): Promise<void> };

export const DATABASES: Readonly<Record<string, () => Promise<Databases>>> = {
  embedded: startEmbedded,
  postgres: startPostgres,
};

/** A store for all tests of a `describe`, on a database of its own; to be asked for inside of tests. */
export function storeForAll(start: () => Promise<Databases>): () => Store {
  let databases: Databases;
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    databases = await start();
    database = await databases.create();
    store = await database.open();
  });
  afterAll(async () => {
    await store.close();
    await database.remove();
    await databases.stop();
  });
  return () => store;
}

/** A lost database is a failure of the test that lost it. */
export function onLost(error: Error): void {
  throw error;
}

const temporary = () => mkdtempSync(join(tmpdir(), "tailguard-test-"));

/** The first database is made by initdb (seconds), the others are copies of its folder. */
export async function startEmbedded(): Promise<Databases> {
  const template = temporary();
  await (await openStore({ dataDir: template, onLost })).close();
  return {
    create: async () => {
      const dataDir = temporary();
      cpSync(template, dataDir, { recursive: true });
      return testDatabase(dataDir, undefined);
    },
    stop: async () => rmSync(template, { recursive: true }),
  };
}

export async function startPostgres(): Promise<Databases> {
  const bin = postgresBin();
  const folder = temporary();
  const isRoot = process.getuid?.() === 0;
  // 65534 is "nobody" on Linux.
  const user = isRoot ? { uid: 65_534, gid: 65_534 } : {};
  if (isRoot) chownSync(folder, 65_534, 65_534);
  const cluster = join(folder, "cluster");
  execFileSync(
    join(bin, "initdb"),
    ["-D", cluster, "-U", "tailguard", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...user, cwd: folder, stdio: "pipe" },
  );
  const port = await freePort();
  const settings = [
    "-c",
    "fsync=off",
    "-c",
    "unix_socket_directories=",
    "-c",
    "max_connections=200",
  ];
  const server = spawn(join(bin, "postgres"), ["-D", cluster, "-p", String(port), ...settings], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await ready(server);
  const url = (database: string) => `postgres://tailguard@127.0.0.1:${port}/${database}`;
  return {
    create: async () => {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      const client = new pg.Client({ connectionString: url("postgres") });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return testDatabase(temporary(), url(name));
    },
    stop: async () => {
      const exited = once(server, "exit");
      // Immediate shutdown: nothing in it is needed any more.
      server.kill("SIGQUIT");
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

function testDatabase(dataDir: string, databaseUrl: string | undefined): TestDatabase {
  const options = () => ({ dataDir, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
  return {
    options,
    open: () => openStore({ ...options(), onLost }),
    remove: async () => rmSync(dataDir, { recursive: true }),
  };
}

function postgresBin(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(root, version, "bin")).find(existsSync);
  if (found === undefined) {
    throw new Error(
      "PostgreSQL is missing and these tests need it: run script/setup, or `apt-get install postgresql`.",
    );
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function ready(server: ChildProcess): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: server.stderr! })) {
    lines.push(line);
    if (line.includes("ready to accept connections")) {
      // Keep the pipe flowing: a full one would stop the server.
      server.stderr?.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start:\n${lines.join("\n")}`);
}
