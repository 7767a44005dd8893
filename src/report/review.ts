// The inline review of a run: remarks on the lines that made something slower. Only regressions,
// only causes on lines that the diff shows, proven against its hunks (one anchor outside of them
// and GitHub refuses the whole review), at most five. Causes elsewhere are named in its body.
import { createHash } from "node:crypto";
import type { CauseText } from "./causes.ts";
import type { ReviewComment } from "./conversation-draft.ts";
import { diffLinesOf } from "./diff-lines.ts";
import { type Hunks, isCommentable } from "./hunks.ts";
import { REVIEW_COMMENTS_MAX } from "./limits.ts";
import { tidyMarkdown } from "./markdown.ts";
import type { Page } from "./page.ts";
import { type Suggestion, suggestionFor } from "./suggestion.ts";
import { renderTemplate, type TemplateTexts } from "./template-engine.ts";

const ELSEWHERE_SHOWN = 5;

type Anchored = {
  readonly card: CauseText;
  readonly line: number;
  readonly suggestion: Suggestion | undefined;
};

export type ReviewInput = {
  readonly page: Page;
  readonly templates: TemplateTexts;
  /** The unified diff of base and head, and its hunks. */
  readonly diff: string;
  readonly hunks: Hunks;
  readonly detailsUrl: string;
};

export type Review = { readonly body: string; readonly comments: readonly ReviewComment[] };

/** The review of a run; undefined when no cause of a regression is on a line of the diff. */
export function reviewOf(input: ReviewInput): Review | undefined {
  const { page, templates, detailsUrl } = input;
  const cards = page.causes.filter(({ isRegression, source }) => {
    return isRegression && source.kind !== "unknown";
  });
  const anchored = anchorsOf(cards, input);
  if (anchored.length === 0) return undefined;
  // What has no line of its own is in the report; a line that has its remark needs no second one.
  const placed = new Set(anchored.map(({ card }) => card.place));
  const elsewhere = cards.filter(({ place }) => place !== "" && !placed.has(place));
  const body = renderTemplate(templates, "review", "md", {
    headline: page.headline,
    elsewhere: elsewhere.slice(0, ELSEWHERE_SHOWN),
    more: Math.max(0, elsewhere.length - ELSEWHERE_SHOWN),
    detailsUrl,
  });
  return {
    body: tidyMarkdown(body),
    comments: anchored.map(({ card, line, suggestion }) => ({
      path: card.source.file,
      line,
      ...(suggestion?.firstLine === undefined ? {} : { firstLine: suggestion.firstLine }),
      body: tidyMarkdown(
        renderTemplate(templates, "review-comment", "md", {
          ...card,
          suggestion: suggestion ?? null,
        }),
      ),
      key: keyOf(card),
    })),
  };
}

/** The first five that have a line of their own; a suggestion moves its remark to its line. */
function anchorsOf(cards: readonly CauseText[], { diff, hunks }: ReviewInput): Anchored[] {
  const taken = new Set<string>();
  const anchored: Anchored[] = [];
  for (const card of cards) {
    const { file, line: causeLine, side } = card.source;
    if (side !== "head" || file === "") continue;
    const offered = suggestionFor(card.source, diffLinesOf(diff, file));
    const suggestion = offered && spanOf(offered).every(isFree) ? offered : undefined;
    const line = suggestion?.line ?? causeLine;
    if (!isFree(line)) continue;
    for (const at of suggestion === undefined ? [line] : spanOf(suggestion)) {
      taken.add(`${file}:${at}`);
    }
    anchored.push({ card, line, suggestion });
    if (anchored.length === REVIEW_COMMENTS_MAX) break;

    function isFree(at: number): boolean {
      return !taken.has(`${file}:${at}`) && isCommentable(hunks, "head", { file, line: at });
    }
  }
  return anchored;
}

/** The lines that a suggestion replaces. */
function spanOf({ firstLine, line }: Suggestion): readonly number[] {
  const first = firstLine ?? line;
  return Array.from({ length: line - first + 1 }, (_, at) => first + at);
}

/** The cause without its numbers and its line, which change from push to push. */
function keyOf({ source }: CauseText): string {
  const what = JSON.stringify([source.kind, source.function, source.file]);
  return createHash("sha256").update(what).digest("hex").slice(0, 16);
}
