import type { Family } from "./family.ts";

export const TEXT_CONVERSION: Family = {
  id: "text-conversion",
  title: "strings made from bytes or parts",
  frames: [
    "runtime.concatstring*",
    "runtime.concatbyte*",
    "runtime.slicebytetostring*",
    "runtime.stringtoslicebyte*",
    "runtime.slicerunetostring",
    "runtime.stringtoslicerune",
    "runtime.intstring",
    "runtime.rawstring*",
    "runtime.rawbyteslice",
  ],
  meaning: "Text is copied: a conversion between string and bytes, or strings joined by +.",
  dimension: "allocs/op",
  helps: "Stay with one of the two forms, append to a buffer, or use strings.Builder.",
  source: "runtime/string.go",
};
