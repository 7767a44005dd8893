// What the doctor found of one thing: well, or what is wrong and what to click.

export type Checkup = {
  /** "warn": it works, and something is worth a look. */
  readonly state: "good" | "warn" | "bad" | "unknown";
  readonly what: string;
  /** What to do; empty where nothing has to be done. */
  readonly advice: string;
};

export function good(what: string): Checkup {
  return { state: "good", what, advice: "" };
}

export function bad(what: string, advice: string): Checkup {
  return { state: "bad", what, advice };
}

export function warn(what: string, advice: string): Checkup {
  return { state: "warn", what, advice };
}

/** It could not be looked at, by no fault of what was to be looked at. */
export function unknown(what: string, advice: string): Checkup {
  return { state: "unknown", what, advice };
}
