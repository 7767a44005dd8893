// The two kinds of failure that are not bugs: what a person can fix, and what may pass later.
// Everything else that is thrown is a bug and keeps its stack. docs/errors.md lists the codes.

/** Codes of errors a person can act on; docs/errors.md explains each. */
export type UserErrorCode =
  | "TG_USAGE"
  | "TG_NOT_A_REPOSITORY"
  | "TG_UNKNOWN_REVISION"
  | "TG_NO_MERGE_BASE"
  | "TG_NO_GO_MODULE"
  | "TG_NO_GO_TOOLCHAIN"
  | "TG_GO_TOO_OLD"
  | "TG_SETTINGS"
  | "TG_CONFIG"
  | "TG_EVIDENCE"
  | "TG_KNOWN"
  | "TG_DATA_DIRECTORY_BUSY"
  | "TG_SANDBOX_MISSING"
  | "TG_GITHUB_KEY"
  | "TG_GITHUB_PERMISSION"
  | "TG_GITHUB_SUSPENDED"
  | "TG_GITHUB_NOT_FOUND";

/** What happened, why, and what to do, for the person who can do it. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: UserErrorCode;
  readonly hint: string;
  /** A long log worth showing below the message, already bounded; empty when there is none. */
  readonly log: string;

  constructor(
    code: UserErrorCode,
    message: string,
    options: { readonly hint: string; readonly log?: string; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.log = options.log ?? "";
  }
}

/** May pass by itself: the caller tries again with growing pauses, a bounded number of times. */
export class TransientError extends Error {
  override readonly name = "TransientError";
}

/** The message of an unknown thrown value followed by those of its causes, outermost first. */
export function messageChain(thrown: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = thrown; at !== undefined && parts.length < 8; ) {
    parts.push(at instanceof Error ? at.message : String(at));
    at = at instanceof Error ? at.cause : undefined;
  }
  return parts.join(": ");
}
