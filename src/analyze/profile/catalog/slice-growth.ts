import type { Family } from "./family.ts";

export const SLICE_GROWTH: Family = {
  id: "slice-growth",
  title: "growth of slices",
  frames: ["runtime.growslice*"],
  meaning: "append runs out of capacity, makes a larger array and copies into it.",
  dimension: "B/op",
  helps: "Make the slice with the capacity it will need, or reuse one.",
  source: "runtime/slice.go",
};
