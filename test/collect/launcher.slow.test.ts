// The launcher and the sandbox, with real processes that try what strangers' code might.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settleToolchain } from "../../src/collect/go-toolchain.ts";
import { Launcher, type LaunchRequest } from "../../src/collect/launcher.ts";
import {
  LEFT_BYTES,
  machineMemoryBytes,
  type ProcessLimits,
  processLimits,
} from "../../src/collect/limits.ts";
import { buildProbe } from "../../src/collect/probe.ts";
import { checkSandbox, type Sandbox, type SandboxMounts } from "../../src/collect/sandbox.ts";
import { isRunning } from "../processes.ts";

const dir = mkdtempSync(join(tmpdir(), "tailguard-launcher-"));
const outside = join(dir, "outside");
const writable = join(dir, "writable");
const readable = join(dir, "readable");
let probePath = "";
let sandbox: Sandbox;

beforeAll(async () => {
  for (const at of [outside, writable, readable]) mkdirSync(at);
  writeFileSync(join(outside, "secret.txt"), "token");
  writeFileSync(join(readable, "source.go"), "package p\n");
  const checked = await checkSandbox();
  if (!checked.works) throw new Error(checked.reason);
  sandbox = checked.sandbox;
  const toolchain = await settleToolchain("local", {}, dir);
  probePath = await buildProbe(toolchain, join(dir, "cache"), new AbortController().signal);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type More = {
  mounts?: SandboxMounts;
  limits?: Partial<ProcessLimits>;
  request?: Partial<LaunchRequest>;
  signal?: AbortSignal;
};

function launcherFor({ mounts, limits, signal }: More): Launcher {
  return new Launcher({
    probePath,
    limits: { ...processLimits(machineMemoryBytes()), ...limits },
    inside: mounts === undefined ? undefined : { sandbox, mounts },
    signal: signal ?? new AbortController().signal,
  });
}

function scriptRequest(script: string, more: Partial<LaunchRequest> = {}): LaunchRequest {
  return {
    argv: ["/bin/sh", "-c", script],
    dir: "/",
    env: { PATH: "/usr/bin:/bin", HOME: "/tmp" },
    timeoutMs: 10_000,
    maxStdoutBytes: 10_000,
    maxStderrBytes: 10_000,
    ...more,
  };
}

function emptyMounts(): SandboxMounts {
  const temporary = [{ path: "/tmp", bytes: 1 << 20 }];
  return { readOnly: [], writable: [], copied: [], temporary };
}

/** Runs a shell script in a launcher of its own. */
async function runScript(script: string, more: More = {}) {
  const launcher = launcherFor(more);
  try {
    return await launcher.run(scriptRequest(script, more.request));
  } finally {
    await launcher.close();
  }
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

  test("that was ended by what it runs is replaced by another", async () => {
    const launcher = launcherFor({});
    const killed = await launcher.run(scriptRequest("kill -KILL $PPID; exec sleep 3108"));
    expect(killed.outcome).toBe("lost");
    expect(await launcher.run(scriptRequest("echo next"))).toMatchObject({ stdout: "next\n" });
    await launcher.close();
    expect(isRunning("sleep 3108")).toBe(false);
  });

  test("says why a command cannot start, and goes on", async () => {
    const launcher = launcherFor({});
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

describe("limits", () => {
  const small = 64 << 20;
  const eats = "x=$(head -c 200000000 /dev/zero | tr '\\0' x); sleep 3";

  for (const inside of [true, false]) {
    const where = inside ? "in the sandbox" : "on the host";
    const more = () => (inside ? { mounts: emptyMounts() } : {});

    test(`of memory ends a command that uses more, ${where}`, async () => {
      const result = await runScript(eats, { ...more(), limits: { memoryBytes: small } });
      expect(result.outcome).toBe("memory-limit");
      expect(result.error).toBe("its processes used more than 64 MiB of memory");
    });

    test(`of processes ends a command that starts more, ${where}`, async () => {
      const script = "for i in $(seq 300); do sleep 3106 & done; wait";
      const result = await runScript(script, { ...more(), limits: { tasks: 100 } });
      expect(result.outcome).toBe("task-limit");
      expect(result.error).toBe("it started more than 100 processes and threads");
      expect(isRunning("sleep 3106")).toBe(false);
    });

    test(`of a file's length, ${where}`, async () => {
      const script = `head -c 2000000 /dev/zero > ${inside ? "/tmp" : writable}/long`;
      const result = await runScript(script, { ...more(), limits: { fileBytes: 1_000_000 } });
      expect(result.stderr).toMatch(/File size limit exceeded/);
    });

    test(`of open files, ${where}`, async () => {
      const result = await runScript("ulimit -Hn; ulimit -Sn", {
        ...more(),
        limits: { openFiles: 50 },
      });
      expect(result.stdout).toBe("50\n50\n");
    });
  }

  test("of what the machine must have left", async () => {
    const limits = { freeMemoryBytes: 1e15 };
    const result = await runScript("sleep 3", { mounts: emptyMounts(), limits });
    expect(result.outcome).toBe("memory-limit");
    expect(result.error).toMatch(/^the machine had less than .* GiB of memory left while it ran$/);
  });

  test("ends a bomb of processes that start processes", async () => {
    // Ends by itself after 2^12, in case nothing ends it.
    const script = "f() { [ $1 -lt 12 ] && { f $(($1 + 1)) & f $(($1 + 1)) & }; sleep 3107; }; f 0";
    const result = await runScript(script, { mounts: emptyMounts(), limits: { tasks: 200 } });
    expect(result.outcome).toBe("task-limit");
    expect(isRunning("sleep 3107")).toBe(false);
  });

  test("says which folder is full, and gives the next command an empty one", async () => {
    const launcher = launcherFor({ mounts: emptyMounts() });
    const full = await launcher.run(scriptRequest("head -c 9999999 /dev/zero > /tmp/f"));
    expect(full).toMatchObject({ outcome: "exited", exitCode: 1, fullFolder: "/tmp" });
    const next = await launcher.run(scriptRequest("cat /tmp/f; head -c 500000 /dev/zero > /tmp/f"));
    expect(next).toMatchObject({ exitCode: 0, stdout: "", fullFolder: "" });
    expect(next.stderr).toContain("No such file");
    await launcher.close();
  });

  test("a command that leaves much behind leaves it to nobody", async () => {
    const bytes = 2 * LEFT_BYTES;
    const launcher = launcherFor({
      mounts: { ...emptyMounts(), temporary: [{ path: "/tmp", bytes }] },
    });
    const fill = `head -c ${1.5 * LEFT_BYTES} /dev/zero > /tmp/f`;
    expect(await launcher.run(scriptRequest(fill))).toMatchObject({ exitCode: 0 });
    expect(await launcher.run(scriptRequest("cat /tmp/f"))).toMatchObject({ exitCode: 1 });
    await launcher.close();
  });
});

describe("files that a command leaves", () => {
  const path = "/tmp/out/file";
  const outputAfter = (script: string, maxBytes = 1_000) =>
    runScript(`mkdir /tmp/out; cd /tmp/out; ${script}`, {
      mounts: emptyMounts(),
      request: { outputs: [{ path, maxBytes }] },
    });

  test("come back with the answer", async () => {
    const { outputs } = await outputAfter("printf 'a\\0b' > file");
    expect(outputs).toEqual([Buffer.from("a\0b")]);
  });

  test.each([
    ["nothing", "true", "cannot be read: no such file or directory"],
    ["nothing in it", "touch file", "is empty"],
    [
      "a link to another file",
      "ln -s /etc/hosts file",
      "cannot be read: too many levels of symbolic links",
    ],
    ["a FIFO", "mkfifo file", "is not a plain file"],
    ["a folder", "mkdir file", "is not a plain file"],
    ["too many bytes", "head -c 1001 /dev/zero > file", "has 1001 bytes, more than 1000"],
    ["too many bytes, with a hole", "truncate -s 1G file", "has 1073741824 bytes, more than 1000"],
    ["a device", "mknod file c 1 5; ls file", "cannot be read: no such file or directory"],
  ])("%s", async (_name, script, problem) => {
    expect((await outputAfter(script)).outputs).toEqual([problem]);
  });

  test("are gone before the next command", async () => {
    const launcher = launcherFor({ mounts: emptyMounts() });
    const outputs = [{ path: "/tmp/file", maxBytes: 10 }];
    await launcher.run(
      scriptRequest("mkdir -p /tmp/file/deep; chmod 0 /tmp/file/deep", { outputs }),
    );
    const next = await launcher.run(
      scriptRequest("cat /tmp/file; echo new > /tmp/file", { outputs }),
    );
    expect(next).toMatchObject({ stdout: "", outputs: [Buffer.from("new\n")] });
    await launcher.close();
  });
});

describe("the sandbox", () => {
  const mounts = () => ({ ...emptyMounts(), readOnly: [readable], writable: [writable] });
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

  test("shows a copy of a folder, which its commands may change", async () => {
    const folder = join(dir, "copied");
    mkdirSync(join(folder, "deep"), { recursive: true });
    writeFileSync(join(folder, "deep", "run.sh"), "echo run\n", { mode: 0o755 });
    writeFileSync(join(folder, ".git"), "gitdir: /somewhere\n");
    symlinkSync("deep/run.sh", join(folder, "link"));
    const script = `cd ${folder} && ls -A && ./link && echo new > deep/new && rm link && ls -A deep`;
    const result = await runScript(script, {
      mounts: { ...emptyMounts(), copied: [{ path: folder, bytes: 1 << 20 }] },
    });
    expect(result.stdout).toBe("deep\nlink\nrun\nnew\nrun.sh\n");
    expect(readdirSync(join(folder, "deep"))).toEqual(["run.sh"]);
  });

  test("has no room outside its folders", async () => {
    const script = "for d in / /dev /proc /usr /mnt; do echo x > $d/x; mkdir $d/y; done; true";
    const result = await inside(script);
    expect(result.stderr.match(/Read-only file system/g)?.length).toBeGreaterThanOrEqual(6);
    expect((await inside("ls -d /x /y /dev/x /dev/y; true")).stdout).toBe("");
  });

  test("its launcher can be neither ended, stopped nor read by what it runs", async () => {
    const script =
      "for s in $(seq 1 31); do kill -$s 1; done; cat /proc/1/environ /proc/1/maps; " +
      "readlink /proc/1/fd/3; echo '{}' > /proc/1/fd/3; head -c 1 /proc/1/mem; unshare -Ur true; echo on";
    const result = await inside(script);
    expect(result).toMatchObject({ outcome: "exited", exitCode: 0, stdout: "on\n" });
    expect(result.stderr.match(/Permission denied/g)).toHaveLength(4);
    expect(result.stderr).toMatch(/unshare failed/);
  });

  test("leaves no process when it ends", async () => {
    await inside("(setsid sleep 3105 &); exit 0");
    expect(isRunning("sleep 3105")).toBe(false);
  });
});
