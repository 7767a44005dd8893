import type { Family } from "./family.ts";

export const GC_SWEEP: Family = {
  id: "gc-sweep",
  title: "garbage collection: sweeping",
  frames: [
    "runtime.bgsweep",
    "runtime.sweepone",
    "runtime.(*sweepLocked).sweep",
    "runtime.deductSweepCredit",
  ],
  meaning: "More memory is freed again: the program makes more garbage.",
  dimension: "allocation rate (B/op)",
  helps: "Allocate less, and reuse what is large.",
  source: "runtime/mgcsweep.go",
};
