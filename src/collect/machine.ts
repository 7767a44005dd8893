// Describes the machine a run was measured on, and what about it could not be controlled.
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, platform, release } from "node:os";
import type { Manifest } from "../evidence/manifest.ts";

/** Reads the machine's description; call it before anything is measured, for the load. */
export function describeMachine(sandbox: "bubblewrap" | "none"): Manifest["machine"] {
  const cores = cpus();
  const load1 = loadavg()[0] ?? 0;
  const warnings: string[] = [];
  if (load1 > cores.length) {
    warnings.push(
      `load average ${load1.toFixed(1)} on ${cores.length} cores: other work is running`,
    );
  }
  const governor = readSmall("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (governor === undefined) warnings.push("the CPU frequency cannot be read or fixed here");
  else if (governor !== "performance") warnings.push(`the CPU frequency governor is "${governor}"`);
  if (readSmall("/sys/devices/system/cpu/smt/active") === "1") {
    warnings.push("hyper-threads share cores");
  }
  if (readSmall("/proc/cpuinfo")?.includes(" hypervisor") === true) {
    warnings.push("a virtual machine: neighbours may take time that is not shown");
  }
  if (existsSync("/.dockerenv")) warnings.push("inside a container");
  return {
    cpu: cores[0]?.model.trim() || "unknown",
    cores: Math.max(1, cores.length),
    os: `${platform()} ${release()}`,
    load1,
    sandbox,
    warnings,
  };
}

function readSmall(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined; // Absent on other systems and in containers: "cannot be read" is the answer.
  }
}
