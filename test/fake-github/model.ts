// The state of the simulated GitHub, and the only place that changes it. Plain records; ids count
// up from one counter as GitHub's do, so that no two things of any kind share one.
import { EventEmitter } from "node:events";
import type { Permissions } from "./auth.ts";
import type { Fields } from "./fields.ts";

export type Repository = {
  readonly id: number;
  owner: string;
  name: string;
  /** When it was last renamed. */
  updatedAt: string;
  /** Bare repository on this machine. */
  readonly gitDir: string;
  /** Set for forks: the repository it was forked from. */
  readonly parent?: Repository;
};

export type PullRequest = {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly headRepository: Repository;
  readonly branch: string;
  baseRef: string;
  title: string;
  readonly body: string;
  readonly author: string;
  draft: boolean;
  readonly labels: string[];
  baseSha: string;
  headSha: string;
  state: "open" | "closed";
  /** How often it changed since it was opened. */
  changes: number;
};

export type Annotation = {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning" | "failure";
  readonly title?: string;
  readonly message: string;
  readonly raw_details?: string;
};

export type CheckRun = {
  readonly id: number;
  readonly repository: Repository;
  readonly headSha: string;
  readonly suiteId: number;
  name: string;
  externalId: string;
  detailsUrl: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  startedAt: string;
  completedAt: string | null;
  readonly annotations: Annotation[];
  actions: readonly {
    readonly label: string;
    readonly description: string;
    readonly identifier: string;
  }[];
  /** Everything the run has shown, oldest first: "queued", "in_progress: Building", … */
  readonly history: string[];
};

export type Reaction = { readonly content: string; readonly author: string };

export type Comment = {
  readonly id: number;
  readonly pullRequest: PullRequest;
  readonly author: string;
  /** The App it was written through; undefined for a person. */
  readonly appId?: number;
  body: string;
  updatedAt: string;
  /** Each content once an author, as at GitHub. */
  readonly reactions: Reaction[];
  /** Everything it has said, oldest first. */
  readonly history: string[];
};

export type Review = {
  readonly id: number;
  readonly pullRequest: PullRequest;
  readonly author: string;
  readonly body: string;
  readonly commitId: string;
  readonly comments: readonly ReviewComment[];
};

export type ReviewComment = {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  /** The first of several lines, as GitHub spells it. */
  readonly start_line?: number;
  readonly side: "LEFT" | "RIGHT";
  readonly body: string;
};

/** A check that must pass before a merge into the default branch. */
export type RequiredCheck = {
  readonly repository: Repository;
  readonly context: string;
  /** The App that must report it; any when absent. */
  readonly appId?: number;
  readonly by: "ruleset" | "protection";
};

export type Permission = "admin" | "write" | "read" | "none";

export type Delivery = {
  readonly id: number;
  /** What X-GitHub-Delivery carries: the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly payload: Fields;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  /** HTTP status of the App's answer; 0 when there was none. */
  readonly statusCode: number;
};

/** All state; `changes` emits "change" after everything a test may wait for. */
export class Model {
  readonly repositories = new Map<string, Repository>();
  readonly pullRequests: PullRequest[] = [];
  readonly checkRuns = new Map<number, CheckRun>();
  readonly comments = new Map<number, Comment>();
  readonly reviews: Review[] = [];
  /** By login; who is not in it is nobody's collaborator. */
  readonly permissions = new Map<string, Permission>([["gopher", "write"]]);
  readonly requiredChecks: RequiredCheck[] = [];
  readonly deliveries: Delivery[] = [];
  /** Of the App's webhook, as its settings page has it. */
  webhook: { url: string; content_type: string; insecure_ssl: string; secret?: string } = {
    url: "",
    content_type: "json",
    insecure_ssl: "0",
    secret: "********",
  };
  /** Since when the installation is suspended. */
  suspendedAt: string | undefined;
  /** Overrides what app.yml grants, to the App and to its installation. */
  granted: { app?: Permissions; installation?: Permissions; events?: readonly string[] } = {};
  readonly changes = new EventEmitter().setMaxListeners(0);
  #lastId = 1000;

  nextId(): number {
    return ++this.#lastId;
  }

  changed(): void {
    this.changes.emit("change");
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.repositories.get(`${owner}/${name}`.toLowerCase());
  }

  /** A name, an owner or both; what is asked under the old name is not found any more. */
  rename(repository: Repository, fullName: string): void {
    const [owner = "", name = ""] = fullName.split("/");
    this.repositories.delete(`${repository.owner}/${repository.name}`.toLowerCase());
    // GitHub counts in seconds; two renames of a test must not be one to it.
    const next = Date.parse(repository.updatedAt) + 1000;
    Object.assign(repository, { owner, name, updatedAt: new Date(next).toISOString() });
    this.repositories.set(fullName.toLowerCase(), repository);
  }

  pullRequest(repository: Repository, number: number): PullRequest | undefined {
    return this.pullRequests.find(
      (pull) => pull.repository === repository && pull.number === number,
    );
  }

  pullRequestsAt(repository: Repository, headSha: string): PullRequest[] {
    return this.pullRequests.filter(
      (pull) => pull.repository === repository && pull.headSha === headSha,
    );
  }

  /** Newest last. */
  checkRunsAt(repository: Repository, headSha: string): CheckRun[] {
    return [...this.checkRuns.values()].filter(
      (run) => run.repository === repository && run.headSha === headSha,
    );
  }

  /** Oldest first. */
  commentsOf(pull: PullRequest): Comment[] {
    return [...this.comments.values()].filter(({ pullRequest }) => pullRequest === pull);
  }

  /** Resolves with what `look` finds, now or after a later change; rejects after `timeoutMs`. */
  async until<T>(look: () => T | undefined, timeoutMs: number, what: () => string): Promise<T> {
    const already = look();
    if (already !== undefined) return already;
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.changes.off("change", check);
      };
      const check = () => {
        const found = look();
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`nothing after ${timeoutMs} ms: ${what()}`));
      }, timeoutMs);
      // A wait that nobody needs any more must not keep the process alive.
      timer.unref();
      this.changes.on("change", check);
    });
  }
}
