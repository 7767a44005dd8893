import type { Family } from "./family.ts";

export const MEMORY_COPY: Family = {
  id: "memory-copy",
  title: "memory copied or cleared",
  frames: [
    "runtime.memmove",
    "runtime.typedmemmove",
    "runtime.typedslicecopy",
    "runtime.memclrNoHeapPointers*",
    "runtime.memclrHasPointers",
    { name: "runtime.duffcopy", go: "up to 1.25" },
    { name: "runtime.duffzero", go: "up to 1.25" },
  ],
  meaning: "More bytes are moved: larger values by value, or buffers copied.",
  dimension: "sizes of what is passed and copied",
  helps: "Pass large values by pointer, copy less often, clear only what is used.",
  source: "runtime/memmove_amd64.s, runtime/mbarrier.go",
};
