// A pull request for people, as GitHub would show it: conversation, checks, and files changed with
// annotations in place, on one page. For looking at, for screenshots, and for `script/demo`.
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { annotationBox, fileDiff } from "./diff-view.ts";
import { compare } from "./git.ts";
import { type Html, html } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import type { CheckRun, Model, PullRequest } from "./model.ts";

const STYLE = { html: readFileSync(new URL("page.css", import.meta.url), "utf8") };

/** Answers `/`, `/OWNER/NAME/pull/N` and `/OWNER/NAME/runs/ID`; 404 for the rest. */
export async function servePage(model: Model, response: ServerResponse, url: URL): Promise<void> {
  if (url.pathname === "/favicon.ico") {
    response.writeHead(204).end();
    return;
  }
  const [, owner = "", name = "", kind, id] = url.pathname.split("/");
  const repository = model.repository(owner, name);
  const pull =
    repository && kind === "pull" ? model.pullRequest(repository, Number(id)) : undefined;
  const run = kind === "runs" ? model.checkRuns.get(Number(id)) : undefined;
  const of = run && model.pullRequestsAt(run.repository, run.headSha)[0];
  if (of !== undefined) {
    response.writeHead(302, { location: `${link(of)}#check-${id}` }).end();
    return;
  }
  const body = url.pathname === "/" ? indexPage(model) : pull && (await pullPage(model, pull));
  response.writeHead(body ? 200 : 404, {
    "content-type": "text/html; charset=utf-8",
    // What reports contain comes from strangers' code: nothing on the page may run or load.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src http: data:",
  });
  response.end((body ?? layout("Not found", html`<main><h1>Not found</h1></main>`)).html);
}

function link({ repository, number }: PullRequest): string {
  return `/${repository.owner}/${repository.name}/pull/${number}`;
}

function layout(title: string, body: Html): Html {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>${body}</body></html>
`;
}

function indexPage(model: Model): Html {
  const rows = model.pullRequests.map(
    (pull) =>
      html`<li><a href="${link(pull)}">${pull.title}</a> <span class="muted">${pull.repository.owner}/${pull.repository.name} #${pull.number}</span></li>`,
  );
  return layout("Pull requests", html`<main><h1>Pull requests</h1><ul>${rows}</ul></main>`);
}

async function pullPage(model: Model, pull: PullRequest): Promise<Html> {
  const { repository, number, title } = pull;
  const runs = newestOfEachName(model.checkRunsAt(repository, pull.headSha));
  const diff = await compare(repository.gitDir, pull.baseSha, pull.headSha);
  const placed = {
    annotations: runs.flatMap((run) =>
      run.annotations.map((note) => ({ ...note, check: run.name })),
    ),
    comments: model.reviews
      .filter((review) => review.pullRequest === pull)
      .flatMap(({ comments, author }) => comments.map((comment) => ({ ...comment, author }))),
  };
  const files = diff?.files ?? [];
  return layout(
    `${title} · Pull request #${number}`,
    html`<header>${repository.owner} / <b>${repository.name}</b></header><main>
<h1>${title} <span class="muted">#${number}</span></h1>
<p><span class="state ${pull.state}">${pull.draft ? "Draft" : pull.state === "open" ? "Open" : "Closed"}</span>
<b>${pull.author}</b> wants to merge into <code>${pull.baseRef}</code> from <code>${pull.headRepository === repository ? "" : `${pull.headRepository.owner}:`}${pull.branch}</code></p>
<nav><a href="#conversation">Conversation</a><a href="#checks">Checks <span class="count">${runs.length}</span></a><a href="#files">Files changed <span class="count">${files.length}</span></a></nav>
<section id="conversation">${conversation(model, pull)}${mergeBox(runs)}</section>
<section id="checks"><h2>Checks</h2>${runs.map(checkBox)}</section>
<section id="files"><h2>Files changed</h2>${files.map((file) => fileDiff(file, placed))}</section>
</main>`,
  );
}

/** GitHub shows the newest run of a name; re-runs hide the ones before. */
function newestOfEachName(oldestFirst: readonly CheckRun[]): CheckRun[] {
  return [...new Map(oldestFirst.map((run) => [run.name, run])).values()];
}

function conversation(model: Model, pull: PullRequest): Html {
  const said = [...model.comments.values()].filter(({ pullRequest }) => pullRequest === pull);
  const reviews = model.reviews.filter(({ pullRequest }) => pullRequest === pull);
  return html`${[
    { author: pull.author, body: pull.body || "_No description provided._" },
    ...said,
    ...reviews,
  ].map(
    ({ author, body }) =>
      html`<article><div class="avatar">${author.charAt(0).toUpperCase()}</div><div class="box"><div class="box-head"><b>${author}</b> commented</div><div class="box-body">${renderMarkdown(body, "comment")}</div></div></article>`,
  )}`;
}

const MARKS: Readonly<Record<string, string>> = {
  success: "✓",
  failure: "✕",
  timed_out: "✕",
  action_required: "!",
  cancelled: "⊘",
  skipped: "⊘",
  neutral: "■",
};

function mark(run: CheckRun): Html {
  const state = run.conclusion ?? run.status;
  return html`<span class="mark ${state}" title="${state}">${MARKS[state] ?? "●"}</span>`;
}

/** What a required check accepts; the rest blocks the merge. */
const PASSING = new Set(["success", "neutral", "skipped"]);

function mergeBox(runs: readonly CheckRun[]): Html {
  const isPending = runs.some(({ status }) => status !== "completed");
  const isBlocked = runs.some(({ conclusion }) => conclusion !== null && !PASSING.has(conclusion));
  const state = isBlocked ? "failure" : isPending || runs.length === 0 ? "pending" : "success";
  const text = {
    failure: "Some checks were not successful",
    pending: "Some checks haven’t completed yet",
    success: "All checks have passed",
  }[state];
  return html`<div class="merge ${state}"><div class="merge-head">${text}</div>${runs.map(
    (run) =>
      html`<div class="merge-row">${mark(run)} <b>${run.name}</b> <span class="muted">— ${run.title ?? run.status}</span><a href="#check-${run.id}">Details</a></div>`,
  )}</div>`;
}

function buttons({ actions }: CheckRun): Html {
  return html`<span class="buttons">${actions.map(
    ({ label, description }) => html`<span class="button" title="${description}">${label}</span>`,
  )}</span>`;
}

function checkBox(run: CheckRun): Html {
  const notes = run.annotations.map((note) => annotationBox({ ...note, check: run.name }));
  return html`<div class="box check" id="check-${run.id}"><div class="box-head">${mark(run)} <b>${run.name}</b> <span class="muted">${run.conclusion ?? run.status} · ${run.headSha.slice(0, 7)}</span>${buttons(run)}</div>
<div class="box-body"><h3>${run.title ?? ""}</h3>${renderMarkdown(run.summary ?? "", "check")}${run.text ? renderMarkdown(run.text, "check") : undefined}
${notes.length > 0 ? html`<h4>Annotations</h4>${notes}` : undefined}
<p><a href="${/^https?:/.test(run.detailsUrl) ? run.detailsUrl : "#"}">View more details on tailguard</a></p></div></div>`;
}
