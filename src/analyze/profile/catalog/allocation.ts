import type { Family } from "./family.ts";

export const ALLOCATION: Family = {
  id: "allocation",
  title: "allocation on the heap",
  frames: [
    "runtime.mallocgc*",
    "runtime.newobject",
    "runtime.newarray",
    "runtime.makeslice*",
    "runtime.makechan*",
    "runtime.(*mcache).*",
    "runtime.(*mcentral).*",
    "runtime.(*mheap).alloc*",
    "runtime.nextFreeFast",
    "runtime.heapSetType*",
    "runtime.deductAssistCredit",
  ],
  meaning: "More values, or larger ones, are made on the heap than before.",
  dimension: "allocs/op and B/op",
  helps:
    "Keep the value on the stack (see what escapes), reuse a buffer, make slices with their final size.",
  source: "runtime/malloc.go",
};
