import type { Family } from "./family.ts";

export const GC_MARK: Family = {
  id: "gc-mark",
  title: "garbage collection: marking",
  frames: [
    "runtime.gcBgMarkWorker*",
    "runtime.gcAssistAlloc*",
    "runtime.gcDrain*",
    "runtime.markroot*",
    "runtime.scanblock",
    "runtime.scanstack",
    "runtime.greyobject",
    { name: "runtime.scanobject", go: "up to 1.25" },
    { name: "runtime.scanObject*", go: "since 1.26" },
    { name: "runtime.scanSpan", go: "since 1.26" },
    { name: "runtime.tryDeferToSpanScan", go: "since 1.25" },
    { name: "internal/runtime/gc/scan.*", go: "since 1.26" },
  ],
  meaning:
    "The collector has more to mark: it runs more often, or what is alive holds more pointers.",
  dimension: "allocation rate (B/op), and the size of what stays alive",
  helps:
    "Allocate less; keep fewer pointers in what lives long; a larger GOGC where memory allows.",
  source: "runtime/mgcmark.go, runtime/mgcmark_greenteagc.go",
};
