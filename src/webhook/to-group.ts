// Groups of the merge queue: their head needs an answer of the required check, or the queue stalls.
// The number of the pull request is in the name of the group's branch only.
import { z } from "zod";
import { common, read, repositoryRef, SHA } from "./payload.ts";
import type { Trigger } from "./trigger.ts";

const groupPayload = z.object({
  ...common,
  merge_group: z.object({
    head_sha: SHA,
    /** "refs/heads/gh-readonly-queue/main/pr-12-0123…". */
    head_ref: z.string().regex(/\/pr-[1-9]\d{0,8}-[0-9a-f]+$/, "a branch of the merge queue"),
    base_sha: SHA,
    base_ref: z.string().min(1).max(1000),
  }),
});

/** "checks_requested" asks for an answer, "destroyed" needs none any more. */
export function groupTrigger(payload: unknown, action: "checks_requested" | "destroyed"): Trigger {
  return read(groupPayload, payload, (valid) => {
    const { head_sha: headSha, head_ref: ref, base_sha: baseSha, base_ref } = valid.merge_group;
    const repository = repositoryRef(valid);
    if (action === "destroyed") return { kind: "group-gone", repository, headSha };
    return {
      kind: "group",
      repository,
      pullRequest: Number(/\/pr-(\d+)-/.exec(ref)?.[1]),
      headSha,
      baseSha,
      baseRef: base_ref.replace(/^refs\/heads\//, ""),
      requestedBy: valid.sender.login,
    };
  });
}
