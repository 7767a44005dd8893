// The tables as Kysely sees them. A run's row is the truth about that run; jobs of the queue only
// move it forward and may be lost or doubled. migrations.ts makes the tables.
import type { ColumnType, Generated, Selectable } from "kysely";

/** Written as text because pg would turn an array into a PostgreSQL array, read back parsed. */
type Json<T> = ColumnType<T, string, string>;
type JsonOrNull<T> = ColumnType<T | null, string | null | undefined, string | null>;
type Time = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

export type DeliveriesTable = {
  /** X-GitHub-Delivery: GitHub gives a redelivery the same one. */
  id: string;
  event: string;
  /** Null once it has been dealt with: it holds people's data and is not needed again. */
  payload: JsonOrNull<unknown>;
  state: "received" | "done" | "failed";
  /** What came of it, for people. */
  note: Nullable<string>;
  received_at: ColumnType<Date, never, never>;
};

/**
 * queued: no plan yet · ready: waits for a runner · running: a runner holds the lease ·
 * collected: evidence is here · publishing: `draft` says what to tell GitHub · completed: told.
 */
export type RunState = "queued" | "ready" | "running" | "collected" | "publishing" | "completed";

/**
 * gate: answers the required check of a head, or of main · asked: a run of its own that somebody
 * asked for · group: answers for a group of the merge queue.
 */
export type RunPurpose = "gate" | "asked" | "group";

export type RunsTable = {
  id: string;
  /** "owner/name", lower case, because GitHub compares them so. */
  repository: string;
  pull_request: number;
  head_sha: string;
  purpose: ColumnType<RunPurpose, RunPurpose | undefined, never>;
  /** Counts the runs of this repository and head from 1. */
  attempt: number;
  /** The Trigger of kind "measure" that asked for it. */
  trigger: Json<unknown>;
  state: ColumnType<RunState, RunState, RunState>;
  plan: JsonOrNull<unknown>;
  /** The team's configuration that it was planned with; null when it ended before that. */
  configuration: JsonOrNull<unknown>;
  check_run_id: Nullable<number>;
  superseded_by: Nullable<string>;
  /** Set while running and kept after, so that a repeated `finish` is known again. */
  lease: Nullable<string>;
  lease_expires_at: Time;
  runner: Nullable<string>;
  /** How many times a runner took it; a run that kills its runners is given up. */
  claims: Generated<number>;
  progress: JsonOrNull<unknown>;
  /** Digests of blobs: the list of evidence files, report.json, report.html. */
  evidence_digest: Nullable<string>;
  report_digest: Nullable<string>;
  page_digest: Nullable<string>;
  /** The check run draft that completes it. */
  draft: JsonOrNull<unknown>;
  /** What the run has to say in the conversation; null when it ended without a report. */
  conversation: JsonOrNull<unknown>;
  conclusion: Nullable<string>;
  title: Nullable<string>;
  created_at: ColumnType<Date, never, never>;
  planned_at: Time;
  claimed_at: Time;
  collected_at: Time;
  completed_at: Time;
};

/** What one push to main measured of one benchmark. */
export type MainValuesTable = {
  run_id: string;
  /** As in runs. */
  repository: string;
  /** The processor, as the runner names it. */
  machine: string;
  cell: string;
  package: string;
  name: string;
  commit_sha: string;
  measured_at: ColumnType<Date, Date, never>;
  /** By metric: value, change, p and spread, as src/baseline/history.ts has them. */
  metrics: Json<unknown>;
};

export type ReleasesTable = {
  repository: string;
  name: string;
  released_at: ColumnType<Date, Date | string, Date | string>;
};

/** A benchmark that moved although nothing it can reach had changed. */
export type MisfiresTable = {
  run_id: string;
  repository: string;
  cell: string;
  package: string;
  name: string;
  misfired_at: ColumnType<Date, Date, never>;
};

/** What the conversation of a pull request holds of ours, so that nothing is said twice. */
export type PullRequestsTable = {
  /** As in runs. */
  repository: string;
  number: number;
  /** GitHub's id of the sticky comment; null when there is none, or not any more. */
  comment_id: Nullable<number>;
  /** Metrics that had regressed in the last run that was told of; keys of conversation-draft.ts. */
  regressed: Json<readonly string[]>;
  /** Causes that an inline remark was made on and that are still there. */
  remarked: Json<readonly string[]>;
  /** The last run that was told of. */
  told_run: Nullable<string>;
};

/** What a person asked for by a comment or a button. */
export type RequestsTable = {
  /** "comment ID" or "delivery ID": a redelivery has the same. */
  id: string;
  /** As in runs. */
  repository: string;
  /** Null for a button, until it is known whose it was. */
  pull_request: Nullable<number>;
  /** The Trigger of kind "request". */
  request: Json<unknown>;
  /** decided: done, and to be answered with `answer`. */
  state: ColumnType<"received" | "decided" | "done", "received", "decided" | "done">;
  answer: JsonOrNull<unknown>;
  created_at: ColumnType<Date, never, never>;
};

/** Regressions that a person accepted by a command, for one pull request. */
export type WaiversTable = {
  repository: string;
  pull_request: number;
  benchmark: string;
  package: string;
  metric: string;
  author: string;
  reason: string;
  /** The last day on which it counts, in UTC: "2026-12-31". */
  until_day: string;
  /** Accepted up to this change, a fraction; any when null. */
  limit_change: Nullable<number>;
  /** The head at which it was accepted. */
  head_sha: string;
};

/** What each repository was last called. */
export type RepositoriesTable = {
  /** GitHub's. */
  id: number;
  /** As in runs; of its rows everywhere. */
  name: string;
  /** The RepositoryRef. */
  ref: Json<unknown>;
  /** When it was called so: what was sent before that and comes later is corrected. */
  told_at: Time;
};

export type Tables = {
  repositories: RepositoriesTable;
  deliveries: DeliveriesTable;
  runs: RunsTable;
  main_values: MainValuesTable;
  releases: ReleasesTable;
  misfires: MisfiresTable;
  pull_requests: PullRequestsTable;
  requests: RequestsTable;
  waivers: WaiversTable;
};

export type Run = Selectable<RunsTable>;
export type RequestRow = Selectable<RequestsTable>;
export type WaiverRow = Selectable<WaiversTable>;
export type Delivery = Selectable<DeliveriesTable>;
export type PullRequestState = Selectable<PullRequestsTable>;
