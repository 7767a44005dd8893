import type { Family } from "./family.ts";

export const FORMATTING: Family = {
  id: "formatting",
  title: "formatting of text",
  frames: ["fmt.*"],
  meaning: "Text is made by fmt, which boxes its arguments and inspects their types.",
  dimension: "allocs/op",
  helps: "Use strconv and append, and format only what is shown.",
  source: "fmt/print.go",
};
