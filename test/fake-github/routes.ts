// What every route of the simulated API gets and gives. The request has passed the contract and
// the permissions by then: a route only knows the model.
import type { Token } from "./auth.ts";
import type { Place } from "./json.ts";
import type { CheckRun, Delivery, Model, Repository } from "./model.ts";

export type Answer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Call = {
  readonly model: Model;
  readonly place: Place;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The repository of the path; routes of the App itself must not read it. */
  readonly repository: Repository;
  /** The part of a list that was asked for; the answer then names the page after it. */
  page<T>(items: readonly T[]): T[];
  /** Remembers a minted token, so that later requests may use it. */
  remember(token: Token): void;
  /** Tells the App what happened to its run, as GitHub does. */
  checkRunChanged(run: CheckRun, action: "created" | "completed"): void;
  redeliver(delivery: Delivery): void;
};

export type Route = (call: Call) => Answer | Promise<Answer>;

export function notFound(message = "Not Found"): Answer {
  return { status: 404, body: { message } };
}

export function unprocessable(message: string): Answer {
  return { status: 422, body: { message } };
}
