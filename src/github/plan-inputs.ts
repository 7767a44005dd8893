// Where a pull request left its base branch, and which files it changed since.
//
// Asked of the compare API with `base...head` by commit id, because it gives the merge base and
// the files of one and the same snapshot. The pull request's own file list (3,000 files, 30 pages)
// was rejected: it follows the branch, so after a push it describes another head than the one
// asked about. Compare ends at 300 files; `truncated` says so, and whoever wants to skip work
// because a file is not listed must not do it then.
import type { ChangedFile } from "../plan/plan.ts";
import type { RepositoryRef } from "../webhook/trigger.ts";
import type { Rest } from "./octokit.ts";

/** The compare API lists at most this many files, all on its first page. */
const COMPARE_FILE_LIMIT = 300;

/** Full commit ids: the tip of the base branch and the head of the pull request. */
export type CommitRange = { readonly baseSha: string; readonly headSha: string };

export type PlanInputs = {
  readonly mergeBaseSha: string;
  readonly changedFiles: readonly ChangedFile[];
  /** True when there may be more changed files than listed. */
  readonly truncated: boolean;
};

/** Each file with the git object of its content: on head, or on base where it is gone. */
export type ComparedRange = Omit<PlanInputs, "changedFiles"> & {
  readonly changedFiles: readonly (ChangedFile & { readonly blob: string })[];
};

/** What the plan needs to know of the range; paths come from the repository and are untrusted. */
export async function planInputs(
  octokit: Rest,
  repository: RepositoryRef,
  range: CommitRange,
): Promise<PlanInputs> {
  const compared = await compareRange(octokit, repository, range);
  return { ...compared, changedFiles: compared.changedFiles.map(({ blob: _, ...file }) => file) };
}

export async function compareRange(
  octokit: Rest,
  repository: RepositoryRef,
  range: CommitRange,
): Promise<ComparedRange> {
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
    owner: repository.owner,
    repo: repository.name,
    basehead: `${range.baseSha}...${range.headSha}`,
    // Files do not count against the page; the commits, which we do not read, do.
    per_page: 1,
  });
  const files = data.files ?? [];
  return {
    mergeBaseSha: data.merge_base_commit.sha,
    changedFiles: files
      .filter((file) => file.status !== "unchanged")
      .map((file) => ({
        ...changedFile(file),
        blob: file.sha ?? "",
      })),
    truncated: files.length >= COMPARE_FILE_LIMIT,
  };
}

type ComparedFile = {
  readonly filename: string;
  readonly previous_filename?: string;
  readonly status: string;
};

function changedFile(file: ComparedFile): ChangedFile {
  switch (file.status) {
    case "added":
    // A copy is a new file for everything that looks at the head side.
    case "copied":
      return { path: file.filename, status: "added" };
    case "removed":
      return { path: file.filename, status: "removed" };
    case "renamed":
      return {
        path: file.filename,
        status: "renamed",
        ...(file.previous_filename === undefined ? {} : { previousPath: file.previous_filename }),
      };
    default:
      return { path: file.filename, status: "modified" };
  }
}
