// A check run as we would like GitHub to show it, in the words of its REST interface: the edge adds
// owner, repository, name, head_sha and details_url and sends it as it is. The schema holds GitHub's
// limits and the rule its own description lacks: completed needs a conclusion, others have none.
import { z } from "zod";
import {
  ANNOTATION_MESSAGE_MAX,
  ANNOTATION_TITLE_MAX,
  ANNOTATIONS_PER_REQUEST,
  OUTPUT_MAX,
  sizeOf,
  TITLE_MAX,
} from "./limits.ts";

function atMost(bytes: number) {
  return z
    .string()
    .min(1)
    .refine((text) => sizeOf(text) <= bytes, { error: `longer than ${bytes} bytes` });
}

/** Lines count from 1 on the head side. Columns are never given: GitHub takes them on one line only. */
const annotationSchema = z.strictObject({
  path: z.string().min(1),
  start_line: z.number().int().positive(),
  end_line: z.number().int().positive(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  title: z.string().min(1).max(ANNOTATION_TITLE_MAX),
  message: atMost(ANNOTATION_MESSAGE_MAX),
  raw_details: atMost(ANNOTATION_MESSAGE_MAX).optional(),
});
export type Annotation = z.infer<typeof annotationSchema>;

const outputSchema = z.strictObject({
  title: z.string().min(1).max(TITLE_MAX),
  summary: atMost(OUTPUT_MAX),
  text: atMost(OUTPUT_MAX).optional(),
  annotations: z.array(annotationSchema).max(ANNOTATIONS_PER_REQUEST).optional(),
});

/** "A maximum of three actions are accepted", each text with its own limit (REST description). */
const actionsSchema = z
  .array(
    z.strictObject({
      label: z.string().min(1).max(20),
      description: z.string().min(1).max(40),
      identifier: z.string().min(1).max(20),
    }),
  )
  .max(3);

export const checkRunDraftSchema = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.enum(["queued", "in_progress"]),
    output: outputSchema,
    actions: actionsSchema.optional(),
  }),
  z.strictObject({
    status: z.literal("completed"),
    conclusion: z.enum([
      "success",
      "failure",
      "neutral",
      "action_required",
      "skipped",
      "timed_out",
      "cancelled",
    ]),
    output: outputSchema,
    /** Buttons; none when absent. */
    actions: actionsSchema.optional(),
  }),
]);
/** What the edge sends to `POST /repos/{owner}/{repo}/check-runs` and its update. */
export type CheckRunDraft = z.infer<typeof checkRunDraftSchema>;
