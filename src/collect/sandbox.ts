// The sandbox: bubblewrap with no network but loopback, no secrets, and the host read-only.
//
// Source and toolchain are visible read-only; every folder that benchmarks may write to is a file
// system in memory of a limited size. The launcher is the first process of a process namespace of
// its own: nothing inside can end, stop or read it, and when it ends the kernel kills what is left.
// Containers were rejected: they need a daemon and a second on start; bubblewrap starts in 13 ms.
import { existsSync } from "node:fs";
import { runHostCommand } from "./host-command.ts";
import { SHARED_MEMORY_BYTES } from "./limits.ts";

/** A folder in memory. */
export type SizedFolder = { readonly path: string; readonly bytes: number };

export type SandboxMounts = {
  /** Existing host paths, visible read-only at the same place. */
  readonly readOnly: readonly string[];
  /** Existing host paths, visible writable at the same place; for the build cache and binaries. */
  readonly writable: readonly string[];
  /** Host folders of which the sandbox has a copy of its own at the same place. */
  readonly copied: readonly SizedFolder[];
  /** Empty folders; /tmp among them. */
  readonly temporary: readonly SizedFolder[];
  /**
   * For a tool of ours that reads strangers' files and needs the network: it has the host's, starts
   * in `dir`, and its environment is the caller's. Repository code never gets this.
   */
  readonly network?: { readonly dir: string };
};

/** A bubblewrap that works here, and what this version of it can do. */
export type Sandbox = {
  /** --size: since 0.7 (2022). */
  readonly limitsFolders: boolean;
  /** --disable-userns: since 0.8 (2023). */
  readonly forbidsNamespaces: boolean;
};

/** What repository code may see of the host's system: programs and libraries, and of /etc only
 * what makes "localhost", users and time zones work. */
const SYSTEM_PATHS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
const ETC_PATHS = [
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/localtime",
  "/etc/mime.types",
  "/etc/alternatives",
];

/**
 * What of /proc a root user could change for the whole machine, such as kernel.core_pattern, which
 * names a program that the kernel starts as root. Where the runner itself is root, its user is root
 * to the kernel inside the sandbox too; the list is that of container runtimes (runc, readonlyPaths).
 */
const PROC_PATHS = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "asound", "scsi", "mtrr"];

/** What the network needs: names, and the certificates that are trusted. */
const NETWORK_PATHS = [
  "/etc/resolv.conf",
  "/etc/ssl",
  "/etc/pki",
  "/etc/ca-certificates",
  "/etc/crypto-policies",
];

/** Argument list that runs a command inside the sandbox; append the command to it. */
export function sandboxArgv(sandbox: Sandbox, mounts: SandboxMounts): string[] {
  const argv = ["bwrap", "--unshare-all", "--unshare-user", "--as-pid-1", "--die-with-parent"];
  argv.push("--new-session", "--uid", "65534", "--gid", "65534");
  argv.push(mounts.network === undefined ? "--clearenv" : "--share-net");
  if (sandbox.forbidsNamespaces) argv.push("--disable-userns");
  argv.push("--hostname", "sandbox", "--proc", "/proc", "--dev", "/dev");
  const folder = ({ path, bytes }: SizedFolder) => {
    if (sandbox.limitsFolders) argv.push("--size", String(bytes));
    argv.push("--tmpfs", path);
  };
  folder({ path: "/dev/shm", bytes: SHARED_MEMORY_BYTES });
  argv.push("--remount-ro", "/dev");
  for (const name of PROC_PATHS) argv.push("--ro-bind-try", `/proc/${name}`, `/proc/${name}`);
  for (const path of SYSTEM_PATHS) argv.push("--ro-bind-try", path, path);
  const etc = mounts.network === undefined ? ETC_PATHS : [...ETC_PATHS, ...NETWORK_PATHS];
  for (const path of etc) argv.push("--ro-bind-try", path, path);
  // Folders first: a host path may lie below /tmp.
  for (const at of mounts.temporary) folder(at);
  for (const path of mounts.readOnly) argv.push("--ro-bind", path, path);
  for (const path of mounts.writable) argv.push("--bind", path, path);
  for (const at of mounts.copied) {
    argv.push("--ro-bind", at.path, originalOf(at.path));
    folder(at);
  }
  // Bubblewrap's own root is a file system in memory, without a limit of ours.
  argv.push("--remount-ro", "/", "--chdir", mounts.network?.dir ?? "/", "--");
  return argv;
}

/** Where the sandbox has the host's folder, read-only, of which `path` is to become a copy. */
export function originalOf(path: string): string {
  return `/original${path}`;
}

type SandboxCheck =
  | { readonly works: true; readonly sandbox: Sandbox; readonly warnings: readonly string[] }
  | { readonly works: false; readonly reason: string };

/** Whether bubblewrap works here: installed, and allowed to make namespaces. The reason if not. */
export async function checkSandbox(): Promise<SandboxCheck> {
  if (process.platform !== "linux") {
    return { works: false, reason: `bubblewrap needs Linux, this is ${process.platform}` };
  }
  const help = await runBwrap(["bwrap", "--help"]);
  if (help.outcome === "start-failed") {
    return { works: false, reason: "bubblewrap (bwrap) is not installed" };
  }
  const sandbox = {
    limitsFolders: /^ *--size /m.test(help.stdout),
    forbidsNamespaces: /^ *--disable-userns /m.test(help.stdout),
  };
  const mounts = { readOnly: [], writable: [], copied: [], temporary: [] };
  const result = await runBwrap([...sandboxArgv(sandbox, mounts), "true"]);
  if (result.exitCode === 0) return { works: true, sandbox, warnings: warningsOf(sandbox) };
  return {
    works: false,
    reason: `bubblewrap cannot run here: ${result.stderr.trim().slice(0, 300)}`,
  };
}

function warningsOf(sandbox: Sandbox): string[] {
  return sandbox.limitsFolders
    ? []
    : ["bubblewrap is older than 0.7: folders in memory have no limit but the machine's memory"];
}

function runBwrap(argv: string[]): ReturnType<typeof runHostCommand> {
  return runHostCommand({
    argv: argv as [string, ...string[]],
    dir: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    timeoutMs: 10_000,
  });
}

/** Of these paths, those that exist: mounts of missing paths would fail. */
export function existingPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path));
}
