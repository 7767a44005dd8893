// What is said of a machine, from the files that Linux has about it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { describeMachine, finishMachine, type MachineFacts } from "../../src/collect/machine.ts";

type Files = Readonly<Record<string, string>>;

function withRoot<T>(files: Files, use: (root: string, write: (more: Files) => void) => T): T {
  const root = mkdtempSync(join(tmpdir(), "tailguard-machine-"));
  const write = (more: Files) => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  };
  try {
    write(files);
    return use(root, write);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const FACTS = { model: "EPYC", cores: 4, usableCores: 4, load1: 0.1, os: "linux 6.1" };

function describe(files: Files, facts: Partial<MachineFacts> = {}) {
  return withRoot(files, (root) => {
    return describeMachine("bubblewrap", root, { ...FACTS, ...facts }).description;
  });
}

const QUIET: Files = {
  "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
  "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "performance\n",
  "sys/devices/system/cpu/intel_pstate/no_turbo": "1\n",
  "sys/devices/system/cpu/smt/active": "0\n",
  "proc/cpuinfo": "flags\t\t: fpu sse avx\n",
  "proc/self/cgroup": "0::/system.slice/tailguard.service\n",
  "sys/fs/cgroup/cpu.max": "max 100000\n",
};

test("a machine in its owner's hands has nothing to warn of", () => {
  const { model, usableCores: _, ...said } = FACTS;
  expect(describe(QUIET)).toEqual({
    ...said,
    cpu: model,
    governor: "performance",
    turbo: "off",
    smt: "off",
    sandbox: "bubblewrap",
    warnings: [],
  });
});

test.each<readonly [string, Files, Partial<MachineFacts>, object, string]>([
  [
    "other work",
    QUIET,
    { load1: 5.25 },
    { load1: 5.25 },
    "load average 5.3 on 4 cores: other work is running",
  ],
  [
    "processors it may not use",
    QUIET,
    { usableCores: 2 },
    {},
    "only 2 of 4 processors may be used",
  ],
  [
    "governors",
    { ...QUIET, "sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "powersave" },
    {},
    { governor: "performance, powersave" },
    'the CPU frequency governor is "performance, powersave"',
  ],
  [
    "Intel's turbo",
    { ...QUIET, "sys/devices/system/cpu/intel_pstate/no_turbo": "0" },
    {},
    { turbo: "on" },
    "the CPU may run faster than its rated frequency while it is cool (turbo)",
  ],
  [
    "hyper-threads",
    { ...QUIET, "sys/devices/system/cpu/smt/active": "1" },
    {},
    { smt: "on" },
    "hyper-threads share cores",
  ],
  [
    "a virtual machine",
    {
      ...QUIET,
      "proc/cpuinfo": "flags\t: fpu hypervisor lahf_lm\n",
      "sys/class/dmi/id/sys_vendor": "Amazon EC2\n",
      "sys/class/dmi/id/product_name": "c7i.large\n",
    },
    {},
    { virtualization: "Amazon EC2 c7i.large" },
    "a virtual machine: neighbors may take time that is not shown",
  ],
  [
    "a container",
    { ...QUIET, "proc/1/cgroup": "0::/kubepods.slice/kubepods-burstable.slice\n" },
    {},
    { container: "kubernetes" },
    "inside a container (kubernetes)",
  ],
  [
    "a quota around our control group",
    { ...QUIET, "sys/fs/cgroup/system.slice/cpu.max": "150000 100000\n" },
    {},
    { cpuQuota: 1.5 },
    "a quota of 1.5 processors stops everything when it is used up",
  ],
  [
    "a quota of version 1",
    {
      ...QUIET,
      "proc/self/cgroup": "4:memory:/m\n3:cpu,cpuacct:/docker/abc\n0::/\n",
      "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "200000",
      "sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1",
      "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
    },
    {},
    { cpuQuota: 2 },
    "a quota of 2 processors stops everything when it is used up",
  ],
])("it tells of %s", (_name, files, facts, expected, warning) => {
  const described = describe(files, facts);
  expect(described).toMatchObject(expected);
  expect(described.warnings).toEqual([warning]);
});

test("where nothing can be read, little is claimed", () => {
  expect(describe({})).toEqual({
    cpu: "EPYC",
    cores: 4,
    os: "linux 6.1",
    load1: 0.1,
    sandbox: "bubblewrap",
    warnings: ["the CPU frequency cannot be read or fixed here"],
  });
});

test("files that hold anything else do no harm", () => {
  const odd = Object.fromEntries(Object.keys(QUIET).map((path) => [path, "\0<b>\nmax max max"]));
  expect(describe({ ...odd, "sys/fs/cgroup/cpu.max": "0 0" }).cpuQuota).toBeUndefined();
});

test("what others took meanwhile is told at the end", () => {
  const stat = (user: number, steal: number) => `cpu  ${user} 0 0 100 0 0 0 ${steal} 7 7\ncpu0 1\n`;
  const quota = { "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "400000 100000" };
  const throttled = (count: number) => ({
    "sys/fs/cgroup/cpu.stat": `usage_usec 1\nnr_throttled ${count}\n`,
  });
  const files = { ...QUIET, ...quota, ...throttled(3), "proc/stat": stat(1000, 10) };
  const finished = withRoot(files, (root, write) => {
    const start = describeMachine("none", root, FACTS);
    write({ "proc/stat": stat(1960, 50), ...throttled(5) });
    return finishMachine(start, root);
  });
  expect(finished.stealFraction).toBe(0.04);
  expect(finished.warnings).toEqual([
    "neighbors on the same host took 4.0 % of the processors' time",
    "the container was stopped 2 times because its quota was used up",
  ]);
});
