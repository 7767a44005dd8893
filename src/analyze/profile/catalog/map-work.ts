import type { Family } from "./family.ts";

export const MAP_WORK: Family = {
  id: "map",
  title: "work on maps",
  frames: [
    "runtime.mapassign*",
    "runtime.mapaccess*",
    "runtime.mapdelete*",
    "runtime.mapiter*",
    "runtime.mapIter*",
    "runtime.mapclear",
    "runtime.makemap*",
    { name: "internal/runtime/maps.*", go: "since 1.24" },
    { name: "runtime.hashGrow", go: "up to 1.23" },
    { name: "runtime.growWork*", go: "up to 1.23" },
    "runtime.memhash*",
    "runtime.strhash*",
    "aeshashbody",
  ],
  meaning: "Maps are read, filled or grown more, or their keys are dearer to hash.",
  dimension: "lookups an operation, and the kind of key",
  helps: "Give the size to make, look up once, use a smaller key, or a slice where keys are dense.",
  source: "internal/runtime/maps/map.go",
};
