// What a run has to say in the conversation of a pull request, before anybody decides whether it
// is said: the sticky comment, the two short comments of a turn for the worse or the better, the
// inline review, and the facts the decision stands on. The analysis writes it, the server posts.
import { z } from "zod";
import { COMMENT_MAX, REVIEW_COMMENTS_MAX, sizeOf } from "./limits.ts";

const body = z
  .string()
  .min(1)
  .refine((text) => sizeOf(text) <= COMMENT_MAX, { error: `longer than ${COMMENT_MAX} bytes` });

/** One metric of one benchmark, by a digest: names are long, strange and not needed again. */
const key = z.string().regex(/^[0-9a-f]{16}:(\*|[\w./-]{1,40})$/);

/** More keys than this are kept by nobody: then everything counts as undecided. */
export const MOST_KEYS = 2_000;

/** A remark on lines of the head side, proven to be inside a hunk. */
const reviewCommentSchema = z.strictObject({
  path: z.string().min(1).max(4_096),
  line: z.number().int().positive(),
  /** Where a suggested change replaces several lines: the first of them, above `line`. */
  firstLine: z.number().int().positive().optional(),
  body,
  /** The same for the same cause in a later run, so that nothing is said twice on one line. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
});
export type ReviewComment = z.infer<typeof reviewCommentSchema>;

export const conversationSchema = z.strictObject({
  sticky: body,
  /** Posted when this run is the first that is slower, respectively the first that no longer is. */
  slower: body,
  fixed: body,
  review: z
    .strictObject({ body, comments: z.array(reviewCommentSchema).min(1).max(REVIEW_COMMENTS_MAX) })
    .optional(),
  /** Whether causes were looked for at all: what is no longer among them may then be said again. */
  hasCauses: z.boolean(),
  regressed: z.array(key).max(MOST_KEYS),
  /** What regressed and was accepted by a person: neither news nor fixed. */
  accepted: z.array(key).max(MOST_KEYS),
  /** What cannot be told, so that it is not called fixed; "…:*" stands for all metrics. */
  undecided: z.union([z.literal("all"), z.array(key).max(MOST_KEYS)]),
});
export type Conversation = z.infer<typeof conversationSchema>;
