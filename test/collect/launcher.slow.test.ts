// The launcher and the sandbox, with real processes that try what strangers' code might.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleToolchain } from "../../src/collect/go-toolchain.ts";
import { Launcher, type LaunchRequest } from "../../src/collect/launcher.ts";
import { buildProbe } from "../../src/collect/probe.ts";
import type { SandboxMounts } from "../../src/collect/sandbox.ts";

const dir = mkdtempSync(join(tmpdir(), "tailguard-launcher-"));
const outside = join(dir, "outside");
const writable = join(dir, "writable");
const readable = join(dir, "readable");
let probePath = "";

beforeAll(async () => {
  for (const at of [outside, writable, readable]) mkdirSync(at);
  writeFileSync(join(outside, "secret.txt"), "token");
  writeFileSync(join(readable, "source.go"), "package p\n");
  const toolchain = await settleToolchain("local", {}, dir);
  probePath = await buildProbe(toolchain, join(dir, "cache"), new AbortController().signal);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a shell script in a launcher of its own. */
async function runScript(
  script: string,
  more: { mounts?: SandboxMounts; request?: Partial<LaunchRequest>; signal?: AbortSignal } = {},
) {
  const signal = more.signal ?? new AbortController().signal;
  const launcher = new Launcher(probePath, more.mounts, signal);
  try {
    return await launcher.run({
      argv: ["/bin/sh", "-c", script],
      dir: "/",
      env: { PATH: "/usr/bin:/bin", HOME: "/tmp" },
      timeoutMs: 10_000,
      maxStdoutBytes: 10_000,
      maxStderrBytes: 10_000,
      ...more.request,
    });
  } finally {
    await launcher.close();
  }
}

function isRunning(words: string): boolean {
  return readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").startsWith(words);
    } catch {
      return false; // It ended while we looked.
    }
  });
}

describe("the launcher", () => {
  test("gives back output, exit status and what the command used", async () => {
    const result = await runScript("echo out; echo err >&2; exit 7");
    expect(result).toMatchObject({
      outcome: "exited",
      exitCode: 7,
      stdout: "out\n",
      stderr: "err\n",
    });
    expect(result.maxRssBytes).toBeGreaterThan(100_000);
  });

  test("counts the processor time of a busy command", async () => {
    const result = await runScript("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
    expect(result.cpuSeconds).toBeGreaterThan(0.02);
    expect(result.cpuSeconds).toBeLessThan(result.wallSeconds * 1.5);
  });

  test("ends a command that takes too long, with all it started", async () => {
    const script = "setsid sleep 3101 & sleep 3102";
    const result = await runScript(script, { request: { timeoutMs: 300 } });
    expect(result.outcome).toBe("timeout");
    expect(isRunning("sleep 3101") || isRunning("sleep 3102")).toBe(false);
  });

  test("ends what a command left behind", async () => {
    const result = await runScript("(setsid setsid sleep 3103 &) ; exit 0");
    expect(result).toMatchObject({ outcome: "exited", exitCode: 0 });
    expect(result.stragglers).toBeGreaterThan(0);
    expect(isRunning("sleep 3103")).toBe(false);
  });

  test("ends a command that prints too much and keeps the beginning", async () => {
    const result = await runScript("yes abc", { request: { maxStdoutBytes: 4_000 } });
    expect(result.outcome).toBe("output-limit");
    expect(result.stdout).toHaveLength(4_000);
  });

  test("sends errors to a file and drops what is too much", async () => {
    const stderrPath = join(writable, "stderr.txt");
    const request = { stderrPath, maxStderrBytes: 7 };
    const result = await runScript("echo first >&2; echo second >&2; echo out", { request });
    expect(result).toMatchObject({ exitCode: 0, stdout: "out\n", stderr: "", stderrDropped: true });
    expect(readFileSync(stderrPath, "utf8")).toBe("first\ns");
    const again = await runScript("true", { request });
    expect(again).toMatchObject({ outcome: "start-failed" });
    expect(again.error).toContain("exists");
    const dropped = await runScript("echo gone >&2", { request: { stderrPath: "/dev/null" } });
    expect(dropped).toMatchObject({ exitCode: 0, stderr: "", stderrDropped: false });
  });

  test("says why a command cannot start, and goes on", async () => {
    const launcher = new Launcher(probePath, undefined, new AbortController().signal);
    const request = { dir: "/", env: {}, timeoutMs: 1_000, maxStdoutBytes: 10, maxStderrBytes: 10 };
    const missing = await launcher.run({ ...request, argv: ["/does/not/exist"] });
    expect(missing.outcome).toBe("start-failed");
    expect(missing.error).toContain("no such file");
    expect((await launcher.run({ ...request, argv: ["/bin/true"] })).exitCode).toBe(0);
    await launcher.close();
  });

  test("ends what runs when it is told to stop", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    const result = await runScript("sleep 3104", { signal: stop.signal });
    expect(result.outcome).toBe("timeout");
    expect(isRunning("sleep 3104")).toBe(false);
  });
});

describe("the sandbox", () => {
  const mounts = (): SandboxMounts => ({ readOnly: [readable], writable: [writable] });
  const inside = (script: string) => runScript(script, { mounts: mounts() });

  test("shows the source and takes what is written to the output folder", async () => {
    const result = await inside(`cat ${readable}/source.go && echo result > ${writable}/out.txt`);
    expect(result.stdout).toBe("package p\n");
    expect(readFileSync(join(writable, "out.txt"), "utf8")).toBe("result\n");
  });

  test("hides the host's files", async () => {
    const script = `cat ${outside}/secret.txt /etc/shadow; ls /root /home /work 2>&1; true`;
    const result = await inside(script);
    expect(result.stdout).not.toContain("token");
    expect(result.stdout).not.toContain("root:");
    expect(result.stderr).toContain("No such file");
  });

  test("lets nothing be written elsewhere", async () => {
    const result = await inside(`echo x > ${readable}/new.go; echo x > /usr/new; true`);
    expect(result.stderr).toMatch(/Read-only file system/);
    expect(readdirSync(readable)).toEqual(["source.go"]);
  });

  test("lets no setting of the kernel be written, even where the runner is root", async () => {
    const script =
      "find /proc -mindepth 2 -writable -not -path '/proc/[0-9]*' -not -path '/proc/*self/*' " +
      "-not -path '/proc/pressure/*'; cp /proc/sys/vm/swappiness /tmp/s; cp /tmp/s /proc/sys/vm/swappiness";
    const result = await inside(script);
    expect(result.stdout).toBe("");
    expect(result.stderr).toContain("cannot create regular file '/proc/sys/vm/swappiness'");
  });

  test("passes on no environment of ours", async () => {
    process.env.TAILGUARD_TEST_SECRET = "not for strangers";
    const result = await inside("env; cat /proc/*/environ | tr '\\0' '\\n'");
    delete process.env.TAILGUARD_TEST_SECRET;
    expect(result.stdout).not.toContain("not for strangers");
  });

  test("has no network but its own loopback", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const result = await inside(
      `bash -c 'echo hi > /dev/tcp/127.0.0.1/${port}'; cat /proc/net/dev`,
    );
    server.close();
    expect(result.stderr).toContain("Connection refused");
    expect(result.stdout).toContain("lo:");
    expect(result.stdout).not.toMatch(/eth|ens|enp/);
  });

  test("sees no process of the host", async () => {
    const result = await inside("ls /proc | grep -c '^[0-9]'");
    expect(Number(result.stdout)).toBeLessThan(10);
  });

  test("leaves no process when it ends", async () => {
    await inside("(setsid sleep 3105 &); exit 0");
    expect(isRunning("sleep 3105")).toBe(false);
  });
});
