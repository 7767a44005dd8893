// Processes of this machine, for tests that must leave none behind.
import { readdirSync, readFileSync } from "node:fs";

/** Whether a process runs whose command line starts with these words. */
export function isRunning(words: string): boolean {
  return readdirSync("/proc").some((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").startsWith(words);
    } catch {
      return false; // It ended while we looked.
    }
  });
}
