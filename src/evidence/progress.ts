// How far a collection is, for a terminal and for the check run's summary.
import { z } from "zod";

export const progressSchema = z.object({
  stage: z.enum(["checkout", "build", "measure", "profile", "analyze"]),
  /** Steps done and in total within the stage; total 0 means not known. */
  done: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** What is being worked on, for people, one line. */
  text: z.string().max(500),
  /** For people: what source and compiler say, once both sides are built; names between backticks. */
  forecast: z.array(z.string().max(500)).max(20).optional(),
});
export type Progress = z.infer<typeof progressSchema>;
