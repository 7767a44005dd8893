// The parts of payloads that every event shares, each validated once. Fields that are not used are
// not looked at.
import { z } from "zod";
import type { RepositoryRef, Trigger } from "./trigger.ts";

export const SHA = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "a full commit id");
/** Owners and names are path segments of every later request. */
export const NAME = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/, "a GitHub name");

export const repositorySchema = z.object({
  name: NAME,
  owner: z.object({ login: NAME }),
  clone_url: z.url({ protocol: /^https?$/ }).max(500),
});

/** Bots have logins such as "dependabot[bot]". */
const senderSchema = z.object({ login: z.string().min(1).max(100) });

export const common = {
  repository: repositorySchema,
  installation: z.object({ id: z.number().int().positive() }),
  sender: senderSchema,
};

type Common = {
  readonly repository: z.infer<typeof repositorySchema>;
  readonly installation: { readonly id: number };
};

/** What `use` makes of a valid payload; otherwise it is ignored, naming the field that is wrong. */
export function read<T>(
  schema: z.ZodType<T>,
  payload: unknown,
  use: (valid: T) => Trigger,
): Trigger {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return use(parsed.data);
  const issue = parsed.error.issues[0];
  return ignore(`the payload lacks ${issue?.path.join(".") ?? "a field"}: ${issue?.message ?? ""}`);
}

export function repositoryRef({ repository, installation }: Common): RepositoryRef {
  return {
    owner: repository.owner.login,
    name: repository.name,
    cloneUrl: repository.clone_url,
    installationId: installation.id,
  };
}

export function ignore(reason: string): Trigger {
  return { kind: "ignore", reason };
}
