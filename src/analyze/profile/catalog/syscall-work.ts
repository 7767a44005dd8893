import type { Family } from "./family.ts";

export const SYSCALL: Family = {
  id: "syscall",
  title: "system calls",
  frames: [
    "syscall.*",
    { name: "runtime/internal/syscall.*", go: "before 1.26" },
    { name: "internal/runtime/syscall.*", go: "before 1.26" },
    { name: "internal/runtime/syscall/linux.*", go: "since 1.26" },
    "runtime.entersyscall*",
    "runtime.exitsyscall*",
    "runtime.cgocall",
  ],
  meaning: "The kernel is asked more often, or C is called.",
  dimension: "calls an operation",
  helps: "Buffer reads and writes, and ask once for more.",
  source: "runtime/proc.go",
};
