// Which repository a delivery is of: names change hands, GitHub's ids do not.
import { z } from "zod";
import { common, NAME, repositoryRef, repositorySchema } from "./payload.ts";
import type { RepositoryRef } from "./trigger.ts";

export type SeenRepository = {
  /** GitHub's, which a repository keeps when it is renamed or given to another owner. */
  readonly id: number;
  readonly repository: RepositoryRef;
  /** "owner/name", lower case; set by the delivery that tells of another name or owner. */
  readonly wasNamed?: string;
  /** When the repository last changed, ISO 8601; absent where GitHub does not say. */
  readonly updatedAt?: string;
};

const account = z.object({ login: NAME });

const payloadSchema = z.object({
  ...common,
  repository: repositorySchema.extend({
    id: z.number().int().positive(),
    updated_at: z.iso.datetime({ offset: true }).optional().catch(undefined),
  }),
  changes: z
    .object({
      repository: z.object({ name: z.object({ from: NAME }) }).optional(),
      owner: z
        .object({ from: z.object({ user: account.optional(), organization: account.optional() }) })
        .optional(),
    })
    .optional()
    .catch(undefined),
});

/** The repository of a payload; undefined where it names none. */
export function seenRepository(payload: unknown): SeenRepository | undefined {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return undefined;
  const { repository, changes } = parsed.data;
  const from = changes?.owner?.from;
  const owner = (from?.user ?? from?.organization)?.login;
  const name = changes?.repository?.name.from;
  const was = `${owner ?? repository.owner.login}/${name ?? repository.name}`.toLowerCase();
  return {
    id: repository.id,
    repository: repositoryRef(parsed.data),
    ...(owner === undefined && name === undefined ? {} : { wasNamed: was }),
    ...(repository.updated_at === undefined ? {} : { updatedAt: repository.updated_at }),
  };
}
