import type { Family } from "./family.ts";

export const LOCK: Family = {
  id: "lock",
  title: "locks that are waited for",
  frames: [
    "sync.(*Mutex).*",
    "sync.(*RWMutex).*",
    { name: "internal/sync.(*Mutex).*", go: "since 1.24" },
    "sync.(*WaitGroup).Wait",
    "sync.(*Cond).*",
    "sync.runtime_Sem*",
    "internal/sync.runtime_Sem*",
    "runtime.semacquire*",
    "runtime.semrelease*",
  ],
  meaning: "Goroutines wait for each other at a lock, or take one more often.",
  dimension: "waiting time: a mutex profile shows whose",
  helps: "Hold it for less, split it, or let each goroutine have its own part.",
  source: "internal/sync/mutex.go, runtime/sema.go",
};
