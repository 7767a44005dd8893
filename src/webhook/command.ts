// What a person can ask of Tailguard in a pull request, as a plain value: by a comment that holds
// `/tailguard …` on a line of its own, or by a button of the check run. parse-command.ts reads
// comments; src/commands/server/ carries out what is asked.

/** Options that narrow or change one run; absent ones are as always. */
export type RunOptions = {
  /** As `go test -bench`. */
  readonly bench?: string;
  /** Go package patterns. */
  readonly packages?: readonly string[];
  readonly budgetSeconds?: number;
  /** A branch, a tag or a commit to compare with instead of the base. */
  readonly vs?: string;
};

export type Command =
  | { readonly kind: "run"; readonly options: RunOptions }
  | { readonly kind: "cancel" | "rerun" | "calibrate" | "help" }
  | { readonly kind: "explain"; readonly name: string }
  | { readonly kind: "accept"; readonly name: string; readonly reason: string }
  /** Lets a fork's code run: the beginning of the commit that was looked at. */
  | { readonly kind: "approve"; readonly sha: string }
  /** Everything that stops the merge at this head, by the button. */
  | { readonly kind: "accept-all" }
  /** A command that could not be understood, and why, in our words. */
  | { readonly kind: "unknown"; readonly problem: string };

/** Names of commands as people type them, in the order of the help. */
export const COMMAND_NAMES = [
  "run",
  "rerun",
  "cancel",
  "explain",
  "accept",
  "approve",
  "calibrate",
  "help",
] as const;

/** What the buttons of a check run send back, at most 20 characters each. */
export const BUTTONS = { rerun: "rerun", accept: "accept", approve: "approve" } as const;
