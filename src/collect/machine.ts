// Describes the machine a run was measured on, and what about it could not be controlled.
//
// Everything is read from /proc and /sys, below a root that tests may choose; what is not there, as on
// other systems and in some containers, is left out or said to be unknown. Nothing is set: governors,
// turbo and hyper-threads need root and belong to the machine's owner.
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, platform, release } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../evidence/manifest.ts";
import {
  type CpuQuota,
  type ProcessorTime,
  readCpuQuota,
  readProcessorTime,
} from "./processor-time.ts";

type Description = Manifest["machine"];

/** What is read at the start of a run and compared with at its end. */
export type MachineStart = {
  readonly description: Description;
  readonly time: ProcessorTime | undefined;
  readonly quota: CpuQuota | undefined;
};

/** What Node tells of the machine; tests have their own. */
export type MachineFacts = {
  readonly model: string;
  readonly cores: number;
  /** Of those, how many this process may use. */
  readonly usableCores: number;
  readonly load1: number;
  readonly os: string;
};

function factsOfThisMachine(): MachineFacts {
  const cores = cpus();
  return {
    model: cores[0]?.model.trim() || "unknown",
    cores: Math.max(1, cores.length),
    usableCores: availableParallelism(),
    load1: loadavg()[0] ?? 0,
    os: `${platform()} ${release()}`,
  };
}

/** Reads the machine's description; call it before anything is measured, for the load. */
export function describeMachine(
  sandbox: Description["sandbox"],
  root = "/",
  facts = factsOfThisMachine(),
): MachineStart {
  const read = (path: string) => readSmall(join(root, path));
  const quota = readCpuQuota(root);
  const known = {
    ...optional("governor", governorOf(root)),
    ...optional("turbo", turboOf(read)),
    ...optional("smt", switchOf(read("sys/devices/system/cpu/smt/active"))),
    ...optional("virtualization", virtualizationOf(read)),
    ...optional("container", containerOf(read)),
    ...optional("cpuQuota", quota?.cores),
  };
  const { model: cpu, cores, os, load1 } = facts;
  const description = { cpu, cores, os, load1, ...known, sandbox };
  const warnings = warningsOf(description, facts);
  return { description: { ...description, warnings }, time: readProcessorTime(root), quota };
}

/** The description with what happened meanwhile; call it after the last process. */
export function finishMachine(start: MachineStart, root = "/"): Description {
  const warnings: string[] = [];
  const stolen = stolenPart(start.time, readProcessorTime(root));
  if (stolen !== undefined && stolen >= STOLEN_WORTH_TELLING) {
    const percent = (stolen * 100).toFixed(1);
    warnings.push(`neighbors on the same host took ${percent} % of the processors' time`);
  }
  const throttled = (readCpuQuota(root)?.throttled ?? 0) - (start.quota?.throttled ?? 0);
  if (throttled > 0) {
    warnings.push(`the container was stopped ${throttled} times because its quota was used up`);
  }
  const { description } = start;
  return {
    ...description,
    ...optional("stealFraction", stolen),
    warnings: [...description.warnings, ...warnings],
  };
}

/** Under a hundredth it is less than what a timer interrupt costs at a busy host's usual rates. */
const STOLEN_WORTH_TELLING = 0.01;

function warningsOf(machine: Omit<Description, "warnings">, facts: MachineFacts): string[] {
  const { cores, load1, governor, turbo, smt, virtualization, container, cpuQuota } = machine;
  const warnings: string[] = [];
  const warnIf = (condition: boolean, text: string) => {
    if (condition) warnings.push(text);
  };
  const isBusy = load1 > facts.usableCores;
  const usable = facts.usableCores;
  warnIf(isBusy, `load average ${load1.toFixed(1)} on ${usable} cores: other work is running`);
  warnIf(usable < cores, `only ${usable} of ${cores} processors may be used`);
  warnIf(governor === undefined, "the CPU frequency cannot be read or fixed here");
  warnIf(
    governor !== undefined && governor !== "performance",
    `the CPU frequency governor is "${governor}"`,
  );
  warnIf(
    turbo === "on",
    "the CPU may run faster than its rated frequency while it is cool (turbo)",
  );
  warnIf(smt === "on", "hyper-threads share cores");
  warnIf(
    virtualization !== undefined,
    "a virtual machine: neighbors may take time that is not shown",
  );
  warnIf(container !== undefined, `inside a container (${container})`);
  warnIf(
    cpuQuota !== undefined && cpuQuota < usable,
    `a quota of ${cpuQuota} processors stops everything when it is used up`,
  );
  return warnings;
}

/** Of all processors; one word where they agree. */
function governorOf(root: string): string | undefined {
  const dir = join(root, "sys/devices/system/cpu");
  const found = new Set<string>();
  for (const name of listed(dir).filter((entry) => /^cpu\d+$/.test(entry))) {
    const governor = readSmall(join(dir, name, "cpufreq/scaling_governor"));
    if (governor !== undefined) found.add(governor);
  }
  return found.size === 0 ? undefined : [...found].sort().join(", ").slice(0, 100);
}

type Read = (path: string) => string | undefined;

/** Intel's driver says whether it is off, the others whether it is on. */
function turboOf(read: Read): "on" | "off" | undefined {
  const isOff = read("sys/devices/system/cpu/intel_pstate/no_turbo");
  if (isOff !== undefined) return isOff === "1" ? "off" : "on";
  return switchOf(read("sys/devices/system/cpu/cpufreq/boost"));
}

function switchOf(text: string | undefined): "on" | "off" | undefined {
  return text === undefined ? undefined : text === "1" ? "on" : "off";
}

/** The hypervisor's name where the firmware tells it. */
function virtualizationOf(read: Read): string | undefined {
  const isGuest = / hypervisor( |$)/m.test(read("proc/cpuinfo") ?? "");
  const kind = read("sys/hypervisor/type");
  if (!isGuest && kind === undefined) return undefined;
  const [vendor, product] = ["sys_vendor", "product_name"].map((at) =>
    read(`sys/class/dmi/id/${at}`),
  );
  return kind ?? ([vendor, product].filter(Boolean).join(" ").slice(0, 100) || "unknown");
}

/** By the files that container engines leave, or by the control group of the first process. */
function containerOf(read: Read): string | undefined {
  if (read(".dockerenv") !== undefined) return "docker";
  if (read("run/.containerenv") !== undefined) return "podman";
  const group = /kubepods|docker|containerd|lxc|podman/.exec(read("proc/1/cgroup") ?? "");
  return group?.[0].replace("kubepods", "kubernetes");
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined) {
  return (value === undefined ? {} : { [key]: value }) as { readonly [At in Key]?: Value };
}

function stolenPart(
  before: ProcessorTime | undefined,
  after: ProcessorTime | undefined,
): number | undefined {
  if (before === undefined || after === undefined || after.total <= before.total) return undefined;
  const part = (after.stolen - before.stolen) / (after.total - before.total);
  return Math.round(Math.min(1, Math.max(0, part)) * 1e4) / 1e4;
}

function listed(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return []; // Absent on other systems: nothing is known then.
  }
}

function readSmall(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined; // Absent on other systems and in containers: "cannot be read" is the answer.
  }
}
