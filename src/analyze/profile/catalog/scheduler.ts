import type { Family } from "./family.ts";

export const SCHEDULER: Family = {
  id: "scheduler",
  title: "scheduling of goroutines",
  frames: [
    "runtime.schedule",
    "runtime.findRunnable",
    "runtime.park_m",
    "runtime.gopark*",
    "runtime.goready*",
    "runtime.ready",
    "runtime.newproc*",
    "runtime.goschedImpl",
    "runtime.wakep",
    "runtime.startm",
    "runtime.stopm",
    "runtime.futex*",
    "runtime.usleep",
    "runtime.netpoll",
  ],
  meaning: "Goroutines are started, stopped and woken more often.",
  dimension: "goroutines started and context switches an operation",
  helps: "Give each goroutine more to do, and keep workers instead of starting new ones.",
  source: "runtime/proc.go",
};
