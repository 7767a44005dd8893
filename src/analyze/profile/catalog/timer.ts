import type { Family } from "./family.ts";

export const TIMER: Family = {
  id: "timer",
  title: "clocks and timers",
  frames: [
    "time.Now",
    "time.now",
    "runtime.nanotime*",
    "runtime.walltime*",
    "time.Since",
    "time.newTimer",
    "time.NewTimer",
    "time.AfterFunc",
    "runtime.(*timers).*",
    "runtime.(*timer).*",
  ],
  meaning: "The clock is read or timers are set more often.",
  dimension: "calls an operation",
  helps: "Read the clock once for a batch; reset a timer instead of making one.",
  source: "runtime/time.go",
};
