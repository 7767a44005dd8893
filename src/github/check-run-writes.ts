// Writing check runs so that a repeated job neither doubles a run nor an annotation, and so that
// the conclusion always arrives, whatever GitHub thinks of an annotation.
//
// GitHub has no idempotency keys: `external_id` is our own mark, looked for before a run is
// created. Annotations are appended by every PATCH and cannot be taken back, so an update first
// asks how many the run has and sends the rest: a repeated update must have the same annotations
// in the same order, which a report made from the same evidence has.
import type { CheckRunDraft } from "../report/check-run-draft.ts";
import { ANNOTATIONS_PER_REQUEST } from "../report/limits.ts";
import type { RepositoryRef } from "../webhook/trigger.ts";
import { fitAnnotation, fitName, fitOutput } from "./fit-check-run.ts";
import { statusOf } from "./github-error.ts";
import type { Rest } from "./octokit.ts";

/** The check run to create; `externalId` is our own id and makes the request repeatable. */
export type NewCheckRun = {
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  /** Absolute http or https URL of the page with everything; wins over the draft's own. */
  readonly detailsUrl: string;
  readonly draft: CheckRunDraft;
};

export type CheckRunUpdate = { readonly draft: CheckRunDraft; readonly detailsUrl: string };

/** The HTTP layer must not repeat a write whose answer was lost: our own look first may. */
const SENT_ONCE = { retries: 0 };

/** The run with this name and external id on that head, created when there is none. */
export async function createCheckRun(
  access: { readonly octokit: Rest; readonly appId: number },
  repository: RepositoryRef,
  run: NewCheckRun,
): Promise<{ readonly id: number; readonly created: boolean }> {
  const { octokit, appId } = access;
  const place = { owner: repository.owner, repo: repository.name };
  const known = await octokit.paginate(octokit.rest.checks.listForRef, {
    ...place,
    ref: run.headSha,
    check_name: fitName(run.name),
    app_id: appId,
    // The default, "latest", hides all but the newest run of a name.
    filter: "all",
    per_page: 100,
  });
  const ours = known.find((candidate) => candidate.external_id === run.externalId);
  if (ours !== undefined) return { id: ours.id, created: false };
  const { data } = await octokit.rest.checks.create({
    ...place,
    name: fitName(run.name),
    head_sha: run.headSha,
    external_id: run.externalId,
    details_url: run.detailsUrl,
    ...stateOf(run.draft),
    output: fitOutput(run.draft),
    request: SENT_ONCE,
  });
  return { id: data.id, created: true };
}

/** What the update could not show: annotations that GitHub refused, 0 when all were taken. */
export type CheckRunUpdated = { readonly refusedAnnotations: number };

/** Shows the draft on the run; the PATCH that completes it comes last, with the conclusion. */
export async function updateCheckRun(
  octokit: Rest,
  repository: RepositoryRef,
  id: number,
  update: CheckRunUpdate,
): Promise<CheckRunUpdated> {
  const run = { owner: repository.owner, repo: repository.name, check_run_id: id };
  const { draft } = update;
  const output = fitOutput(draft);
  const shown = await readShown(octokit, run, draft);
  if (shown?.isEnding === true) return { refusedAnnotations: 0 };
  const annotations = (draft.output.annotations ?? []).slice(shown?.annotationCount ?? 0);
  const chunks = chunked(annotations.map(fitAnnotation));
  const last = chunks.pop() ?? [];
  let refusedAnnotations = 0;
  for (const annotations of chunks) {
    const patch = { ...run, output: { ...output, annotations }, request: SENT_ONCE };
    const taken = await tookAnnotations(() => octokit.rest.checks.update(patch));
    if (!taken) refusedAnnotations += annotations.length;
  }
  const final = {
    ...run,
    ...stateOf(draft),
    details_url: update.detailsUrl,
    request: SENT_ONCE,
  };
  const withAnnotations = { ...final, output: { ...output, annotations: last } };
  const taken =
    last.length > 0 && (await tookAnnotations(() => octokit.rest.checks.update(withAnnotations)));
  if (!taken) {
    refusedAnnotations += last.length;
    await octokit.rest.checks.update({ ...final, output });
  }
  return { refusedAnnotations };
}

/** Status, buttons and, exactly when completed, the conclusion: GitHub completes a run that has one. */
function stateOf(draft: CheckRunDraft) {
  // Buttons that are not sent again would stay.
  const actions = [...(draft.actions ?? [])];
  return draft.status === "completed"
    ? { status: draft.status, conclusion: draft.conclusion, actions }
    : { status: draft.status, actions };
}

type FittedAnnotation = ReturnType<typeof fitAnnotation>;

/**
 * What the run shows already, asked only where it matters: annotations would be doubled, and a run
 * that this very draft has ended (its answer got lost, or the server died) would be ended twice.
 */
async function readShown(
  octokit: Rest,
  run: { readonly owner: string; readonly repo: string; readonly check_run_id: number },
  draft: CheckRunDraft,
): Promise<{ readonly annotationCount: number; readonly isEnding: boolean } | undefined> {
  const hasAnnotations = (draft.output.annotations ?? []).length > 0;
  if (draft.status !== "completed" && !hasAnnotations) return undefined;
  const { data } = await octokit.rest.checks.get(run);
  return {
    annotationCount: data.output.annotations_count,
    isEnding:
      draft.status === "completed" &&
      data.status === "completed" &&
      data.conclusion === draft.conclusion &&
      data.output.title === fitOutput(draft).title,
  };
}

function chunked(annotations: readonly FittedAnnotation[]): FittedAnnotation[][] {
  const chunks: FittedAnnotation[][] = [];
  for (let from = 0; from < annotations.length; from += ANNOTATIONS_PER_REQUEST) {
    chunks.push(annotations.slice(from, from + ANNOTATIONS_PER_REQUEST));
  }
  return chunks;
}

/** False when GitHub called the content unprocessable: the same without annotations may pass. */
async function tookAnnotations(send: () => Promise<unknown>): Promise<boolean> {
  try {
    await send();
    return true;
  } catch (error) {
    if (statusOf(error) === 422) return false;
    throw error;
  }
}
