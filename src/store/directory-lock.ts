// One server per data directory. Two processes may open one PGlite directory without an error and
// then lose each other's rows in silence (132 + 180 inserted, 180 left), so the second must fail.
//
// Two locks, because each has a hole. An abstract Unix socket is freed by the kernel at the very
// moment its owner dies, kill -9 included, but it is not seen from another network namespace (two
// containers on one volume). A lock file with a heartbeat is seen there, but stays behind after a
// crash. So: the socket decides within one namespace, the file between namespaces, and a file whose
// heart stopped is taken over. fcntl locks were rejected: Node has none without native code.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { UserError } from "../errors.ts";

export type DirectoryLock = {
  /** Frees the directory. Idempotent. */
  release(): Promise<void>;
};

export type DirectoryLockOptions = {
  /** Called once if another process took the directory over; the database must be left alone then. */
  onLost(error: Error): void;
  /** Between two heartbeats; a heart that is silent for four of them has stopped. */
  readonly heartbeatMs?: number;
  /** The namespace in which the socket is seen; the kernel's name for it by default. */
  readonly namespace?: string;
};

/** Takes `directory`, making it where needed; throws UserError TG_DATA_DIRECTORY_BUSY. */
export async function lockDirectory(
  directory: string,
  options: DirectoryLockOptions,
): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const heartbeatMs = options.heartbeatMs ?? 5_000;
  const namespace = options.namespace ?? (await socketNamespace());
  const socket = await takeSocket(directory, namespace);
  const file = join(directory, "lock.json");
  const owner = randomUUID();
  try {
    await waitForFile(file, namespace, heartbeatMs);
    await beat(file, { owner, namespace });
  } catch (error) {
    socket?.close();
    throw error;
  }
  const timer = setInterval(() => {
    keepBeating(file, { owner, namespace }).catch((error: Error) => {
      clearInterval(timer);
      options.onLost(error);
    });
  }, heartbeatMs);
  timer.unref();
  let released = false;
  return {
    release: async () => {
      if (released) return;
      released = true;
      clearInterval(timer);
      if ((await readOwner(file))?.owner === owner) await rm(file, { force: true });
      socket?.close();
    },
  };
}

/** Who holds the directory; `beat` changes with every heartbeat, so that clocks need not agree. */
const ownerSchema = z.object({
  owner: z.string(),
  namespace: z.string(),
  beat: z.string().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

function busy(directory: string, who: string): UserError {
  return new UserError("TG_DATA_DIRECTORY_BUSY", `${directory} is in use by ${who}.`, {
    hint: "Stop that server first, or give this one a DATA_DIR (or DATABASE_URL) of its own.",
  });
}

/** The kernel's name of our network namespace and host; the file alone decides where there is none. */
async function socketNamespace(): Promise<string> {
  if (process.platform !== "linux") return `no-sockets-${randomUUID()}`;
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return `${boot.trim()} ${await readlink("/proc/self/ns/net")}`;
}

async function takeSocket(directory: string, namespace: string): Promise<Server | undefined> {
  if (process.platform !== "linux") return undefined;
  const name = createHash("sha256").update(`${namespace}\0${directory}`).digest("hex");
  const server = createServer((client) => client.destroy());
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "EADDRINUSE" ? busy(directory, "another Tailguard server") : error),
    );
    server.listen({ path: `\0tailguard-${name}` }, () => resolve(server));
  });
}

/** Returns when the file is absent, ours by namespace (the socket was free), or without a heart. */
async function waitForFile(file: string, namespace: string, heartbeatMs: number): Promise<void> {
  const first = await readOwner(file);
  if (first === undefined || first.namespace === namespace) return;
  for (let waited = 0; waited < 4; waited++) {
    await pause(heartbeatMs);
    const now = await readOwner(file);
    if (now === undefined) return;
    if (now.owner !== first.owner || now.beat !== first.beat)
      throw busy(file, "a Tailguard server on another host or in another container");
  }
}

async function keepBeating(file: string, owner: Owner): Promise<void> {
  const now = await readOwner(file);
  if (now !== undefined && now.owner !== owner.owner)
    throw new Error(`${file} was taken over by another server, which thought this one dead`);
  await beat(file, owner);
}

async function beat(file: string, owner: Owner): Promise<void> {
  const text = JSON.stringify({ ...owner, host: hostname(), pid: process.pid, beat: randomUUID() });
  await writeFile(`${file}.${owner.owner}`, text, { mode: 0o600 });
  await rename(`${file}.${owner.owner}`, file);
}

/** Undefined when there is no file, or one cut short by a power failure: nobody's either way. */
async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
      return undefined;
    throw error;
  }
}
