import type { Family } from "./family.ts";

export const DEFER_PANIC: Family = {
  id: "defer-panic",
  title: "deferred calls, panics and their stacks",
  frames: [
    "runtime.deferproc*",
    "runtime.deferreturn",
    "runtime.gopanic",
    "runtime.gorecover",
    "runtime.Callers",
    "runtime.callers*",
    "runtime.Stack",
    "runtime.(*unwinder).*",
  ],
  meaning: "Calls are deferred in a loop, panics are used as results, or stacks are recorded.",
  dimension: "calls an operation",
  helps: "Defer outside of loops, return errors, record stacks only where they are shown.",
  source: "runtime/panic.go",
};
