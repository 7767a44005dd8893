// What the comparisons of one function hand over to analyze-compiler.ts, which adds who and where.
import type { DecisionFinding } from "../source-finding.ts";

export type Difference = Pick<DecisionFinding, "decision" | "direction" | "base" | "head"> & {
  /** Line on the side where the compiler spoke; the head's when both did. */
  readonly baseLine?: number;
  readonly headLine?: number;
};

/** The compiler's words, with the number of places when there are several. */
export function atPlaces(text: string, count: number): string {
  if (count === 0) return "";
  return count === 1 ? text : `${text}, at ${count} places`;
}
