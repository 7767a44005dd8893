// Which kinds of value a rule may compare and add: a comparison that means nothing is an error with
// its place, not a rule that never holds and leaves a gate open.
import type { Expression } from "./rule-syntax.ts";
import { RuleError } from "./rule-tokens.ts";
import type { Kind } from "./rule-vocabulary.ts";

/** "a change", "a plain number". */
export function article(kind: Kind): string {
  return kind === "number" ? "a plain number" : `a ${kind}`;
}

const QUANTITIES: ReadonlySet<Kind> = new Set(["change", "time", "size", "number"]);

export function requireQuantity(kind: Kind, offset: number): void {
  if (QUANTITIES.has(kind)) return;
  const instead = kind === "condition" ? "" : '; compare it with == or matches(…, "…")';
  throw new RuleError(offset, `${article(kind)} is no quantity${instead}`);
}

/** The kind of both; throws where they differ. */
export function sameKind(one: Kind, other: Kind, offset: number): Kind {
  if (one === other) return one;
  const kinds = [one, other];
  const isMixedUp = kinds.includes("change") && (kinds.includes("time") || kinds.includes("size"));
  const hint = isMixedUp ? "; the value on head is p99.head" : "";
  const words = `${article(one)} and ${article(other)} cannot be compared or added`;
  throw new RuleError(offset, `${words}${hint}`);
}

/** The kind of a sum, a product or a quotient; throws where there is none. */
export function resultKind(
  operator: "+" | "-" | "*" | "/",
  [one, other]: readonly [Kind, Kind],
  offset: number,
): Kind {
  if (operator === "+" || operator === "-") return sameKind(one, other, offset);
  if (other === "number") return one;
  if (operator === "*" && one === "number") return other;
  if (operator === "/" && one === other) return "number";
  const verb = operator === "*" ? "multiplied with" : "divided by";
  throw new RuleError(offset, `${article(one)} cannot be ${verb} ${article(other)}`);
}

type Side = { readonly expression: Expression; readonly kind: Kind };

/**
 * Two sides of a comparison: of one kind, or one of them 0, which has no unit, or a change against
 * a fraction below 1. `p99 > 5` would ask for 500 %, which nobody who writes it means.
 */
export function requireComparable(one: Side, other: Side): void {
  if (one.kind === other.kind || literalOf(one) === 0 || literalOf(other) === 0) return;
  for (const [literal, against] of [
    [one, other],
    [other, one],
  ] as const) {
    const value = literalOf(literal);
    if (against.kind !== "change" || value === undefined) continue;
    if (Math.abs(value) < 1) return;
    const { offset } = literal.expression;
    throw new RuleError(offset, `${value} would be ${value * 100} %; write ${value}%`);
  }
  sameKind(one.kind, other.kind, one.expression.offset);
}

function literalOf({ expression }: Side): number | undefined {
  return expression.kind === "number" ? expression.value : undefined;
}
