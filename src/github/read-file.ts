// One file of a repository at a revision, through the contents API: no clone for a few kilobytes.
import type { RepositoryRef } from "../webhook/trigger.ts";
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

/** `ref` is a commit id or "refs/heads/NAME"; the default branch when absent. */
export type FileAt = { readonly path: string; readonly ref?: string };

/** "unusable" is there and is no text that GitHub would give: a folder, a submodule, megabytes. */
export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unusable"; readonly reason: string };

/**
 * A repository, a revision and a file that are not there all read as "missing": GitHub answers 404
 * to each, and to what may not be seen.
 */
export async function readFileAt(
  octokit: Rest,
  { owner, name }: Pick<RepositoryRef, "owner" | "name">,
  { path, ref }: FileAt,
): Promise<FileText> {
  try {
    const { data } = await octokit.rest.repos.getContent({
      owner,
      repo: name,
      path,
      ...(ref === undefined ? {} : { ref }),
    });
    if (Array.isArray(data)) return { kind: "unusable", reason: "it is a folder" };
    if (data.type !== "file") return { kind: "unusable", reason: `it is a ${data.type}` };
    // GitHub leaves the content out above one megabyte.
    if (data.encoding !== "base64") return { kind: "unusable", reason: "it is too large" };
    return { kind: "text", text: Buffer.from(data.content, "base64").toString("utf8") };
  } catch (error) {
    if (statusOf(error) === 404) return { kind: "missing" };
    throw error;
  }
}
