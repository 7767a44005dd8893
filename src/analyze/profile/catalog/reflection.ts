import type { Family } from "./family.ts";

export const REFLECTION: Family = {
  id: "reflection",
  title: "reflection",
  frames: ["reflect.*", "internal/reflectlite.*"],
  meaning: "Types are inspected while the program runs.",
  dimension: "calls an operation, and allocs/op",
  helps: "Use a type switch or a type parameter, or keep what was looked up for each type.",
  source: "reflect/value.go",
};
