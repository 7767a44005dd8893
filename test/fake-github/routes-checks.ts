// Check runs as GitHub keeps them: a conclusion completes, annotations only ever accumulate.
import { asFields, type Fields, textOr } from "./fields.ts";
import { tip } from "./git.ts";
import { checkRunJson } from "./json.ts";
import type { Annotation, CheckRun, Repository } from "./model.ts";
import { type Answer, type Call, notFound, type Route, unprocessable } from "./routes.ts";

export const checkRoutes: Readonly<Record<string, Route>> = {
  "checks/create": async (call) => {
    const body = asFields(call.body);
    const headSha = String(body.head_sha);
    if ((await tip(call.repository.gitDir, headSha)) !== headSha) {
      return unprocessable(`No commit found for SHA: ${headSha}`);
    }
    const run = newRun(call, headSha);
    show(call, run, body);
    call.model.checkRuns.set(run.id, run);
    call.checkRunChanged(run, "created");
    return { status: 201, body: checkRunJson(call.place, run) };
  },

  "checks/update": (call) => {
    const run = find(call);
    if (run === undefined) return notFound();
    const wasCompleted = run.status === "completed";
    show(call, run, asFields(call.body));
    if (run.status === "completed" && !wasCompleted) call.checkRunChanged(run, "completed");
    else call.model.changed();
    return { status: 200, body: checkRunJson(call.place, run) };
  },

  "checks/get": (call) => {
    const run = find(call);
    return run === undefined ? notFound() : { status: 200, body: checkRunJson(call.place, run) };
  },

  "checks/list-annotations": (call) => {
    const run = find(call);
    if (run === undefined) return notFound();
    const annotations = run.annotations.map((annotation) => ({
      title: null,
      raw_details: null,
      start_column: null,
      end_column: null,
      blob_href: call.place.url,
      ...annotation,
    }));
    return { status: 200, body: call.page(annotations) };
  },

  "checks/list-for-ref": async (call) => listForRef(call),
};

async function listForRef(call: Call): Promise<Answer> {
  const sha = await tip(call.repository.gitDir, call.params.ref ?? "");
  if (sha === undefined) return unprocessable(`No commit found for SHA: ${call.params.ref}`);
  const { check_name: name, status, app_id: appId, filter = "latest" } = call.query;
  const matching = call.model
    .checkRunsAt(call.repository, sha)
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .filter(() => appId === undefined || Number(appId) === call.place.appId)
    .reverse();
  const shown = filter === "all" ? matching : newestOfEachName(matching);
  const runs = call.page(shown).map((run) => checkRunJson(call.place, run));
  return { status: 200, body: { total_count: shown.length, check_runs: runs } };
}

function newestOfEachName(newestFirst: readonly CheckRun[]): CheckRun[] {
  return newestFirst.filter(
    (run, at) => newestFirst.findIndex((other) => other.name === run.name) === at,
  );
}

function find(call: Call): CheckRun | undefined {
  const run = call.model.checkRuns.get(Number(call.params.check_run_id));
  return run?.repository === call.repository ? run : undefined;
}

function newRun(call: Call, headSha: string): CheckRun {
  return {
    id: call.model.nextId(),
    repository: call.repository,
    headSha,
    suiteId: suiteOf(call, call.repository, headSha),
    name: "",
    externalId: "",
    detailsUrl: "",
    status: "queued",
    conclusion: null,
    title: null,
    summary: null,
    text: null,
    startedAt: new Date().toISOString(),
    completedAt: null,
    annotations: [],
    actions: [],
    history: [],
  };
}

/** All runs of one head share a suite. */
function suiteOf(call: Call, repository: Repository, headSha: string): number {
  return call.model.checkRunsAt(repository, headSha)[0]?.suiteId ?? call.model.nextId();
}

function show(call: Call, run: CheckRun, body: Fields): void {
  run.name = textOr(body.name, run.name);
  run.externalId = textOr(body.external_id, run.externalId);
  run.detailsUrl = textOr(body.details_url, run.detailsUrl);
  if (body.status !== undefined) run.status = body.status as CheckRun["status"];
  if (body.conclusion !== undefined) run.status = "completed";
  run.conclusion = run.status === "completed" ? textOr(body.conclusion, run.conclusion) : null;
  run.completedAt =
    run.status === "completed" ? textOr(body.completed_at, new Date().toISOString()) : null;
  const output = asFields(body.output);
  run.title = textOr(output.title, run.title);
  run.summary = textOr(output.summary, run.summary);
  // A new output without a text takes the old text away, as it replaces the whole output.
  if (body.output !== undefined) run.text = textOr(output.text, null);
  run.annotations.push(...((output.annotations ?? []) as Annotation[]));
  if (body.actions !== undefined) run.actions = body.actions as CheckRun["actions"];
  run.history.push(`${run.conclusion ?? run.status}: ${run.title ?? ""}`);
  call.model.changed();
}
