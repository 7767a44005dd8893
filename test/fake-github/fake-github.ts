// A GitHub to test against: one HTTP server on this machine with repositories from real git,
// pull requests, check runs, comments and reviews, that sends signed webhooks to the App.
//
// Everything a test does here is what a person does at GitHub (open, push, close, re-run);
// everything the App does comes in over HTTP and is held against GitHub's own description.
// A test ends with `expect(fake.violations).toEqual([])`.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type ApiRecord, serveApi, type Violation } from "./api.ts";
import {
  type Change,
  commitChange,
  mustFind,
  type NewPullRequest,
  newRepository,
  publishHead,
} from "./branches.ts";
import { loadContract } from "./contract.ts";
import type { Fault } from "./faults.ts";
import { git, importFolder, importRepository } from "./git.ts";
import { serveGit } from "./git-http.ts";
import type { Place } from "./json.ts";
import {
  type CheckRun,
  type Comment,
  type Delivery,
  Model,
  type PullRequest,
  type Repository,
} from "./model.ts";
import { servePage } from "./page.ts";
import { APP_ID } from "./routes-app.ts";
import {
  checkRunEvent,
  checkSuiteEvent,
  deliver,
  type Event,
  installationEvent,
  issueCommentEvent,
  mergeGroupEvent,
  movedEvent,
  pullRequestEvent,
  pushEvent,
  removedEvent,
  requestedActionEvent,
} from "./webhooks.ts";

/** Starts listening on a free loopback port. Close it, or its folder and port stay. */
export async function startFakeGitHub(): Promise<FakeGitHub> {
  const folder = await mkdtemp(join(tmpdir(), "fake-github-"));
  const fake = new FakeGitHub(folder);
  await fake.listen();
  return fake;
}

export class FakeGitHub {
  readonly model = new Model();
  readonly violations: Violation[] = [];
  readonly requests: ApiRecord[] = [];
  readonly faults: Fault[] = [];
  /** What the App needs to know: its number, its key and the secret of its webhooks. */
  readonly app: {
    readonly appId: number;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  /** Where webhooks go; nothing is sent while it is undefined. */
  webhookUrl: string | undefined;
  readonly #folder: string;
  readonly #api: Api;
  readonly #server: Server;
  readonly #sending = new Set<Promise<unknown>>();

  constructor(folder: string) {
    this.#folder = folder;
    const keys = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    this.app = {
      appId: APP_ID,
      privateKey: keys.privateKey,
      webhookSecret: randomBytes(20).toString("hex"),
    };
    this.#api = {
      model: this.model,
      contract: loadContract(),
      place: () => this.#place(),
      publicKey: keys.publicKey,
      tokens: new Map(),
      violations: this.violations,
      faults: this.faults,
      requests: this.requests,
      checkRunChanged: (run, action) => {
        this.model.changed();
        this.#send(checkRunEvent(this.#place(), run, { action, sender: "tailguard[bot]" }));
      },
      redeliver: ({ event, payload, guid }) => this.#send({ event, payload }, guid),
    };
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
        throw error;
      });
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** "http://127.0.0.1:PORT": the App's GITHUB_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get deliveries(): readonly Delivery[] {
    return this.model.deliveries;
  }

  /** A repository whose main branch holds the files of a folder, or a revision of another one. */
  async addRepository(
    fullName: string,
    from: { readonly folder: string } | { readonly repository: string; readonly revision: string },
  ): Promise<Repository> {
    const repository = newRepository(this.model, { folder: this.#folder, fullName });
    if ("folder" in from) await importFolder(from.folder, repository.gitDir);
    else await importRepository(from.repository, repository.gitDir, from.revision);
    this.model.repositories.set(fullName.toLowerCase(), repository);
    return repository;
  }

  /** Commits the change on a branch, opens a pull request for it and tells the App. */
  async openPullRequest(repository: Repository, asked: NewPullRequest): Promise<PullRequest> {
    const author = asked.author ?? "gopher";
    const baseSha = await mustFind(repository, "refs/heads/main");
    const headRepository = asked.fromFork ? await this.#fork(repository, author) : repository;
    const pull: PullRequest = {
      id: this.model.nextId(),
      number: this.model.pullRequests.filter((each) => each.repository === repository).length + 1,
      repository,
      headRepository,
      branch: asked.branch,
      baseRef: "main",
      title: asked.title,
      body: asked.body ?? "",
      author,
      draft: asked.draft ?? false,
      labels: [],
      baseSha,
      headSha: await commitChange(headRepository, asked.branch, asked, baseSha),
      state: "open",
      changes: 0,
    };
    await publishHead(pull);
    this.model.pullRequests.push(pull);
    await this.#tellOfHead(pull, "opened");
    return pull;
  }

  /** A new commit on the branch of the pull request. */
  async push(pull: PullRequest, commit: { title: string; change: Change }): Promise<void> {
    pull.changes++;
    pull.headSha = await commitChange(pull.headRepository, pull.branch, commit, pull.headSha);
    await publishHead(pull);
    await this.#tellOfHead(pull, "synchronize");
  }

  /** A commit on the main branch, as a merge leaves it; its id and that of the commit before. */
  async pushMain(
    repository: Repository,
    commit: { title: string; change: Change },
  ): Promise<{ readonly before: string; readonly after: string }> {
    const before = await mustFind(repository, "refs/heads/main");
    const after = await commitChange(repository, "main", commit, before);
    const pushed = { repository, ref: "refs/heads/main", before, after, sender: "gopher" };
    await this.#send(pushEvent(this.#place(), pushed));
    return { before, after };
  }

  /** A commit on the base in place of all that was on the branch. */
  async forcePush(pull: PullRequest, commit: { title: string; change: Change }): Promise<void> {
    pull.changes++;
    pull.headSha = await commitChange(pull.headRepository, pull.branch, commit, pull.baseSha);
    await publishHead(pull);
    await this.#tellOfHead(pull, "synchronize");
  }

  /** The pull request is put into the merge queue on top of main: squashed, as most teams do. */
  async queue(pull: PullRequest): Promise<{ readonly headSha: string; readonly baseSha: string }> {
    const { gitDir } = pull.repository;
    const baseSha = await mustFind(pull.repository, "refs/heads/main");
    const branch = `gh-readonly-queue/main/pr-${pull.number}-${baseSha}`;
    const diff = await git(gitDir, "diff", "--binary", `${pull.baseSha}...${pull.headSha}`);
    const patchFile = join(this.#folder, `queued-${pull.id}.patch`);
    await writeFile(patchFile, diff);
    const commit = { title: `${pull.title} (queued)`, change: { patchFile } };
    const headSha = await commitChange(pull.repository, branch, commit, baseSha);
    const group = { pull, headSha, baseSha, action: "checks_requested" } as const;
    await this.#send(mergeGroupEvent(this.#place(), group));
    return { headSha, baseSha };
  }

  async leaveQueue(
    pull: PullRequest,
    group: { readonly headSha: string; readonly baseSha: string },
  ): Promise<void> {
    const event = mergeGroupEvent(this.#place(), { pull, ...group, action: "destroyed" });
    await this.#send(event);
  }

  async markReady(pull: PullRequest): Promise<void> {
    pull.changes++;
    pull.draft = false;
    await this.#send(pullRequestEvent(this.#place(), pull, "ready_for_review"));
  }

  async label(pull: PullRequest, name: string): Promise<void> {
    pull.changes++;
    pull.labels.push(name);
    await this.#send(pullRequestEvent(this.#place(), pull, "labeled"));
  }

  async reopen(pull: PullRequest): Promise<void> {
    pull.changes++;
    pull.state = "open";
    await this.#send(pullRequestEvent(this.#place(), pull, "reopened"));
  }

  /** Another branch to merge into, or only another title. */
  async edit(pull: PullRequest, edit: { readonly base?: string; readonly title?: string }) {
    pull.changes++;
    const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    if (edit.base !== undefined) {
      pull.baseRef = edit.base;
      pull.baseSha = await mustFind(pull.repository, `refs/heads/${edit.base}`);
    }
    if (edit.title !== undefined) pull.title = edit.title;
    const changes = edit.base === undefined ? { title: { from: "x" } } : { base: from };
    await this.#send(pullRequestEvent(this.#place(), pull, "edited", changes));
  }

  /** An owner suspends the installation: GitHub says so once, and refuses everything from then on. */
  async suspend(): Promise<void> {
    this.model.suspendedAt = new Date().toISOString();
    await this.#send(installationEvent("suspend"));
  }

  /** The repository is taken out of the installation. */
  async removeFromInstallation(repository: Repository): Promise<void> {
    this.model.repositories.delete(`${repository.owner}/${repository.name}`.toLowerCase());
    await this.#send(removedEvent(repository));
  }

  /** Another name or another owner. */
  async rename(repository: Repository, fullName: string): Promise<void> {
    const was = { ...repository };
    this.model.rename(repository, fullName);
    await this.#send(movedEvent(this.#place(), repository, was));
  }

  /** Every token given so far ends now, as when an owner changes what the App may do. */
  revokeTokens(): void {
    this.#api.tokens.clear();
  }

  async closePullRequest(pull: PullRequest): Promise<void> {
    pull.changes++;
    pull.state = "closed";
    await this.#send(pullRequestEvent(this.#place(), pull, "closed"));
  }

  /** What was sent once comes late, as a delivery of its own. */
  async sendAgain({ event, payload }: Delivery): Promise<void> {
    await this.#send({ event, payload });
  }

  /** "Re-run" pressed on a check run. */
  async rerequest(run: CheckRun, sender = "gopher"): Promise<void> {
    await this.#send(checkRunEvent(this.#place(), run, { action: "rerequested", sender }));
  }

  /** A button on a check run, by its identifier; only buttons that are shown can be pressed. */
  async press(run: CheckRun, identifier: string, sender = "gopher"): Promise<void> {
    if (!run.actions.some((action) => action.identifier === identifier)) {
      throw new Error(`no button ${identifier} on ${JSON.stringify(run.actions)}`);
    }
    await this.#send(requestedActionEvent(this.#place(), run, { identifier, sender }));
  }

  /** A person says something in the conversation. */
  async comment(pull: PullRequest, body: string, author = "gopher"): Promise<Comment> {
    const comment: Comment = {
      id: this.model.nextId(),
      pullRequest: pull,
      author,
      body,
      updatedAt: new Date().toISOString(),
      reactions: [],
      history: [body],
    };
    this.model.comments.set(comment.id, comment);
    await this.#send(issueCommentEvent(this.#place(), comment, "created"));
    return comment;
  }

  async editComment(comment: Comment, body: string): Promise<void> {
    comment.body = body;
    comment.updatedAt = new Date().toISOString();
    await this.#send(issueCommentEvent(this.#place(), comment, "edited"));
  }

  /** "Re-run all checks" pressed on a head. */
  async rerequestSuite(pull: PullRequest, sender = "gopher"): Promise<void> {
    const { repository, headSha } = pull;
    const place = this.#place();
    await this.#send(checkSuiteEvent(place, { repository, headSha, sender }, "rerequested"));
  }

  /** The newest check run on this head that `isWanted` accepts, as soon as there is one. */
  async checkRun(
    headSha: string,
    isWanted: (run: CheckRun) => boolean = () => true,
    timeoutMs = 60_000,
  ): Promise<CheckRun> {
    const runs = () => [...this.model.checkRuns.values()].filter((run) => run.headSha === headSha);
    return this.model.until(
      () => runs().findLast(isWanted),
      timeoutMs,
      () =>
        `no such check run on ${headSha}, only ${JSON.stringify(runs().map((run) => run.history))}`,
    );
  }

  /** Stops listening, waits for deliveries under way, and removes every repository. */
  async close(): Promise<void> {
    this.webhookUrl = undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.allSettled(this.#sending);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #place(): Place {
    return { url: this.url, appId: APP_ID };
  }

  async #fork(parent: Repository, owner: string): Promise<Repository> {
    const known = this.model.repository(owner, parent.name);
    if (known !== undefined) return known;
    const fullName = `${owner}/${parent.name}`;
    const fork = newRepository(this.model, { folder: this.#folder, fullName, parent });
    await importRepository(parent.gitDir, fork.gitDir, await mustFind(parent, "refs/heads/main"));
    this.model.repositories.set(fullName.toLowerCase(), fork);
    return fork;
  }

  /** GitHub asks for a check suite of every pushed head, then tells of the pull request. */
  async #tellOfHead(pull: PullRequest, action: "opened" | "synchronize"): Promise<void> {
    this.model.changed();
    const { repository, headSha, author: sender } = pull;
    const place = this.#place();
    await this.#send(checkSuiteEvent(place, { repository, headSha, sender }, "requested"));
    await this.#send(pullRequestEvent(place, pull, action));
  }

  async #send(event: Event, guid?: string): Promise<void> {
    if (this.webhookUrl === undefined) return;
    const target = { url: this.webhookUrl, secret: this.app.webhookSecret };
    const id = this.model.nextId();
    const sending = deliver(target, event, { id, ...(guid === undefined ? {} : { guid }) });
    this.#sending.add(sending);
    this.model.deliveries.push(await sending);
    this.#sending.delete(sending);
    this.model.changed();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    if (url.pathname.startsWith("/api/v3/")) return serveApi(this.#api, request, response, url);
    const clone = /^\/([^/]+)\/([^/]+)\.git(\/.*)$/.exec(url.pathname);
    if (clone === null) return servePage(this.model, response, url);
    const [, owner = "", name = "", rest = ""] = clone;
    const repository = this.model.repository(owner, name);
    if (repository === undefined) {
      response.writeHead(404).end();
      return;
    }
    const query = url.search.replace(/^\?/, "");
    serveGit(request, response, { repository, rest, query, tokens: this.#api.tokens });
  }
}
