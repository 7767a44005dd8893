// What a webhook asked for, as a plain value. Every later stage works from this, never from a payload.

import type { Command, RunOptions } from "./command.ts";

/** The repository as GitHub names it; `cloneUrl` is the HTTPS one, without credentials. */
export type RepositoryRef = {
  readonly owner: string;
  readonly name: string;
  readonly cloneUrl: string;
  readonly installationId: number;
};

/**
 * Stands for the default branch where a pull request's number stands otherwise; GitHub counts those
 * from 1.
 */
export const MAIN_BRANCH = 0;

/** Where it was asked for: a comment, which gets a reaction, or a check run. */
export type CommentOrigin = {
  readonly kind: "comment";
  readonly commentId: number;
  readonly pullRequest: number;
  /** Whether the pull request was open. */
  readonly isOpen: boolean;
};
export type ButtonOrigin = {
  readonly kind: "button";
  readonly headSha: string;
  /** The run whose check run it was pressed on; absent for all of the head. */
  readonly runId?: string;
};

export type Trigger =
  | {
      /**
       * Measure this pull request at this head. A run for an older head is superseded. For the
       * default branch: measure this push against what was there before.
       */
      readonly kind: "measure";
      readonly repository: RepositoryRef;
      /** MAIN_BRANCH for a push to the default branch. */
      readonly pullRequest: number;
      readonly headSha: string;
      /** Tip of the base branch; the plan measures against the merge base. */
      readonly baseSha: string;
      readonly baseRef: string;
      readonly isFork: boolean;
      /**
       * Who let this very head's code run, for a fork: a person with write access. Absent: nobody has.
       */
      readonly approvedBy?: string;
      readonly requestedBy: string;
      /** What somebody asked to be done otherwise; `baseSha` is what `vs` names. */
      readonly options?: RunOptions;
      readonly isDraft?: boolean;
      /** Names of the pull request's labels; absent for none. */
      readonly labels?: readonly string[];
      /** Set when a label was added: of interest only to a run that waits for one. */
      readonly isByLabel?: true;
      /** Somebody with write access, or the merge queue, wants it whatever the configuration says. */
      readonly isAsked?: true;
      /** Opened by a bot. */
      readonly isByBot?: boolean;
      /** Base on both sides, to see what this machine makes of equal code. */
      readonly isCalibration?: true;
      /** When the pull request last changed, ISO 8601: deliveries may come late and out of order. */
      readonly updatedAt: string;
    }
  | {
      /** The pull request was closed: running work for it stops. */
      readonly kind: "cancel";
      readonly repository: RepositoryRef;
      readonly pullRequest: number;
      readonly updatedAt: string;
    }
  | {
      /** A person asked for something; whether they may is to be looked up. */
      readonly kind: "request";
      readonly repository: RepositoryRef;
      readonly requestedBy: string;
      readonly command: Command;
      readonly by: CommentOrigin | ButtonOrigin;
    }
  | {
      /** A group of the merge queue waits for the required check. */
      readonly kind: "group";
      readonly repository: RepositoryRef;
      readonly pullRequest: number;
      readonly headSha: string;
      readonly baseSha: string;
      readonly baseRef: string;
      readonly requestedBy: string;
    }
  | {
      readonly kind: "group-gone";
      readonly repository: RepositoryRef;
      readonly headSha: string;
    }
  | {
      /** A version was tagged: from here on drifts count. */
      readonly kind: "release";
      readonly repository: RepositoryRef;
      /** The tag's name. */
      readonly name: string;
      /** ISO 8601. */
      readonly at: string;
    }
  | {
      /** The App lost these repositories, or all of an installation. */
      readonly kind: "gone";
      readonly installationId: number;
      /** "owner/name", lower case. */
      readonly repositories: "all" | readonly string[];
    }
  | {
      /** Renamed, or given to another owner: this is what it is called by now. */
      readonly kind: "moved";
      readonly repository: RepositoryRef;
    }
  | { readonly kind: "ignore"; readonly reason: string };
