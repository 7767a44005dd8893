import type { Family } from "./family.ts";

export const STACK_GROWTH: Family = {
  id: "stack-growth",
  title: "goroutine stacks that grow",
  frames: ["runtime.newstack", "runtime.copystack", "runtime.morestack*", "runtime.adjustframe"],
  meaning: "Goroutines run out of stack and are moved to a larger one: new ones, or deep calls.",
  dimension: "goroutines started, depth and size of frames",
  helps: "Keep goroutines and reuse them, make frames smaller, recurse less deeply.",
  source: "runtime/stack.go",
};
