import type { Family } from "./family.ts";

export const WRITE_BARRIER: Family = {
  id: "write-barrier",
  title: "write barriers of the collector",
  frames: [
    "gcWriteBarrier*",
    "runtime.gcWriteBarrier*",
    "runtime.wbBufFlush*",
    "runtime.wbMove",
    "runtime.wbZero",
    "runtime.bulkBarrierPreWrite*",
  ],
  meaning:
    "Pointers are written into the heap while the collector marks; on the stack they cost nothing.",
  dimension: "what escapes, and how much of the time the collector runs",
  helps: "Keep what is written on the stack; allocate less, so that the collector runs less.",
  source: "runtime/mwbbuf.go, runtime/mbarrier.go",
};
