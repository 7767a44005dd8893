// The sandbox: bubblewrap with no network but loopback, no secrets, and the host read-only.
//
// Source and toolchain are visible read-only, one temporary folder is private, and only the named
// folders are writable. A process namespace of its own means that nothing survives its end: the
// kernel kills what is left. Containers were rejected: they need a daemon and a second on start;
// bubblewrap starts in 13 ms.
import { existsSync } from "node:fs";
import { runHostCommand } from "./host-command.ts";

export type SandboxMounts = {
  /** Existing host paths, visible read-only at the same place. */
  readonly readOnly: readonly string[];
  /** Existing host paths, visible writable at the same place. */
  readonly writable: readonly string[];
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

/** Argument list that runs a command inside the sandbox; append the command to it. */
export function sandboxArgv(mounts: SandboxMounts): string[] {
  const argv = [
    "bwrap",
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--uid",
    "65534",
    "--gid",
    "65534",
    "--hostname",
    "sandbox",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--tmpfs",
    "/tmp",
  ];
  for (const name of PROC_PATHS) argv.push("--ro-bind-try", `/proc/${name}`, `/proc/${name}`);
  for (const path of SYSTEM_PATHS) argv.push("--ro-bind-try", path, path);
  for (const path of ETC_PATHS) argv.push("--ro-bind-try", path, path);
  for (const path of mounts.readOnly) argv.push("--ro-bind", path, path);
  for (const path of mounts.writable) argv.push("--bind", path, path);
  argv.push("--chdir", "/", "--");
  return argv;
}

/** Whether bubblewrap works here: installed, and allowed to make namespaces. The reason if not. */
export async function checkSandbox(): Promise<{ works: true } | { works: false; reason: string }> {
  if (process.platform !== "linux") {
    return { works: false, reason: `bubblewrap needs Linux, this is ${process.platform}` };
  }
  const argv = [...sandboxArgv({ readOnly: [], writable: [] }), "true"];
  const result = await runHostCommand({
    argv: argv as [string, ...string[]],
    dir: "/",
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    timeoutMs: 10_000,
  });
  if (result.exitCode === 0) return { works: true };
  if (result.outcome === "start-failed") {
    return { works: false, reason: "bubblewrap (bwrap) is not installed" };
  }
  return {
    works: false,
    reason: `bubblewrap cannot run here: ${result.stderr.trim().slice(0, 300)}`,
  };
}

/** Of these paths, those that exist: mounts of missing paths would fail. */
export function existingPaths(paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(path));
}
