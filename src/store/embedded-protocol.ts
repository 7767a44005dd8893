// What the main thread and the thread of the embedded database say to each other.

export type EmbeddedRequest =
  /** One statement with parameters; "numbers" reads int8 as a checked number, "driver" as PGlite does. */
  | {
      readonly id: number;
      readonly kind: "query";
      readonly sql: string;
      readonly parameters: readonly unknown[];
      readonly int8: "numbers" | "driver";
    }
  /** Statements without parameters, separated by semicolons. */
  | { readonly id: number; readonly kind: "exec"; readonly sql: string }
  /** The whole data directory as one gzip file. */
  | { readonly id: number; readonly kind: "dump" }
  | { readonly id: number; readonly kind: "close" };

export type EmbeddedReply =
  | {
      readonly id: number;
      readonly kind: "rows";
      readonly rows: readonly Record<string, unknown>[];
      readonly affectedRows: number;
    }
  | { readonly id: number; readonly kind: "dumped"; readonly bytes: Uint8Array }
  | { readonly id: number; readonly kind: "closed" }
  | {
      readonly id: number;
      readonly kind: "failed";
      readonly message: string;
      /** The fields of PostgreSQL's error: code, detail, constraint, … */
      readonly fields: Readonly<Record<string, string>>;
    };

/** A request before the sender numbers it. */
export type Unnumbered<R> = R extends unknown ? Omit<R, "id"> : never;
