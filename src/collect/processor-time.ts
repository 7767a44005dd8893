// Who had the processors' time: the hypervisor's share of it, and the quota of our control group.
//
// Time is counted in /proc/stat since the machine started; the quota is the smallest on the way from
// our control group to the root, in version 2 (cpu.max) or 1 (cpu.cfs_quota_us). In a container the
// root of what is seen is the container's own group.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** In clock ticks of all processors together. */
export type ProcessorTime = { readonly total: number; readonly stolen: number };

export type CpuQuota = {
  /** Processors' worth of time. */
  readonly cores: number;
  /** How often the group was stopped because the quota was used up. */
  readonly throttled: number;
};

/** undefined where there is no /proc/stat. */
export function readProcessorTime(root: string): ProcessorTime | undefined {
  const [, ticks] = /^cpu +(.*)$/m.exec(readText(join(root, "proc/stat"))) ?? [];
  if (ticks === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guest time, behind them, is in user time.
  const counts = ticks.split(" ").slice(0, 8).map(Number);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Number.isFinite(total) ? { total, stolen: counts[7] ?? 0 } : undefined;
}

/** undefined where there is no quota. */
export function readCpuQuota(root: string): CpuQuota | undefined {
  const found = groupDirs(root).flatMap((dir) => quotaIn(join(root, dir)) ?? []);
  return found.sort((one, other) => one.cores - other.cores)[0];
}

/** Our groups and those around them, version 2 first. */
function groupDirs(root: string): string[] {
  const dirs: string[] = [];
  for (const line of readText(join(root, "proc/self/cgroup")).split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers !== "" && !controllers.split(",").includes("cpu")) continue;
    const mounts =
      controllers === "" ? ["sys/fs/cgroup"] : ["sys/fs/cgroup/cpu", "sys/fs/cgroup/cpu,cpuacct"];
    for (let at = posix.normalize(path); ; at = posix.dirname(at)) {
      dirs.push(...mounts.map((mount) => join(mount, at)));
      if (at === "/") break;
    }
  }
  return dirs;
}

function quotaIn(dir: string): CpuQuota | undefined {
  const [limit, periodUs] = readText(join(dir, "cpu.max")).trim().split(" ");
  const quotaUs =
    periodUs === undefined ? Number(readText(join(dir, "cpu.cfs_quota_us"))) : Number(limit);
  const period = Number(periodUs ?? readText(join(dir, "cpu.cfs_period_us")));
  if (!(quotaUs > 0) || !(period > 0)) return undefined; // "max", -1 and no file are no quota.
  const [, throttled] = /^nr_throttled (\d+)$/m.exec(readText(join(dir, "cpu.stat"))) ?? [];
  return { cores: Math.round((quotaUs / period) * 100) / 100, throttled: Number(throttled ?? 0) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Absent on other systems: no quota, no count.
  }
}
