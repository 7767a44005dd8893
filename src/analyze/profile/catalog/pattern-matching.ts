import type { Family } from "./family.ts";

export const PATTERN_MATCHING: Family = {
  id: "regexp",
  title: "regular expressions",
  frames: ["regexp.*", "regexp/syntax.*"],
  meaning: "Expressions are compiled or matched more often, or match longer text.",
  dimension: "calls an operation: compiling costs far more than matching",
  helps: "Compile once at the start, or use package strings where the pattern is plain.",
  source: "regexp/regexp.go",
};
