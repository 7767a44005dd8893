// What comes of a request: something done in one transaction, and an answer.
import type { Transaction } from "kysely";
import type { Tables } from "../../store/schema.ts";
import type { Trigger } from "../../webhook/trigger.ts";
import type { Send } from "./context.ts";

export type RequestTrigger = Extract<Trigger, { kind: "request" }>;

/** A reaction for the comment, and a comment where words are needed. */
export type Answer = { readonly reaction: "+1" | "confused"; readonly body?: string };

/** What is to be done, once it is known that it may be; `act` runs in one transaction. */
export type Decision = {
  /** Where the answer goes; null for none. */
  readonly pullRequest: number | null;
  act(tx: Transaction<Tables>, send: Send): Promise<Answer>;
};

/** A decision that does nothing but answer. */
export function says(request: RequestTrigger, answer: Answer): Decision {
  const { by } = request;
  return {
    pullRequest: by.kind === "comment" ? by.pullRequest : null,
    act: async () => answer,
  };
}

/** What cannot be done, in words. */
export function declines(request: RequestTrigger, body: string): Decision {
  return says(request, { reaction: "confused", body });
}
