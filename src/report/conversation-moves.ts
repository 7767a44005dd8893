// What is said in a pull request's conversation, and when. People leave bots that comment on every
// push, and miss regressions that only show as an edit, because an edit notifies nobody. So: one
// comment that is edited in place, and a short new one at exactly two turns, from fine to slower
// and from slower to fixed. Where the sticky comment itself is new, it is the notice.
//
// Fixed is only what was measured and is no longer slower: while one metric that had regressed
// cannot be told, nothing is announced, and what a person accepted is over without a word.
import type { Conversation } from "./conversation-draft.ts";

/** When the sticky comment is first made: at a regression, with every result, or never. */
export type CommentMode = "regressions" | "always" | "never";

/** What the conversation of a pull request holds already. */
export type Told = {
  readonly hasSticky: boolean;
  /** Metrics that had regressed in the last run that was told of. */
  readonly regressed: readonly string[];
};

export type Moves = {
  readonly sticky: "create" | "edit" | "none";
  readonly notice: "slower" | "fixed" | "none";
  /** The new state: what is slower now, and what was and cannot be told. */
  readonly regressed: readonly string[];
};

/** What to do with the result of the newest run. */
export function decideMoves(
  told: Told,
  now: Pick<Conversation, "regressed" | "accepted" | "undecided">,
  mode: CommentMode,
): Moves {
  const open = told.regressed.filter((key) => isUndecided(key, now.undecided));
  const regressed = [...new Set([...now.regressed, ...open])];
  if (mode === "never") return { sticky: "none", notice: "none", regressed };
  const isNew = now.regressed.length > 0 && told.regressed.length === 0;
  const isFixed =
    told.regressed.length > 0 &&
    regressed.length === 0 &&
    !told.regressed.some((key) => now.accepted.includes(key));
  if (!told.hasSticky) {
    const isWanted = mode === "always" || now.regressed.length > 0;
    return { sticky: isWanted ? "create" : "none", notice: "none", regressed };
  }
  return { sticky: "edit", notice: isNew ? "slower" : isFixed ? "fixed" : "none", regressed };
}

function isUndecided(key: string, undecided: Conversation["undecided"]): boolean {
  if (undecided === "all") return true;
  const benchmark = key.slice(0, key.indexOf(":"));
  return undecided.some((other) => other === key || other === `${benchmark}:*`);
}
