// One kind of work that the Go runtime or a standard package does on a program's account.

export type Family = {
  /** Stable name, kebab-case. */
  readonly id: string;
  /** As a person says it: "allocation on the heap". */
  readonly title: string;
  /**
   * Functions by their full names; a trailing "*" stands for any ending (Go 1.27 has one allocator
   * function a size class). With versions where not every Go since 1.21 has them.
   */
  readonly frames: readonly (string | { readonly name: string; readonly go: string })[];
  /** What it says when this grew. */
  readonly meaning: string;
  /** The number to look at beside the time. */
  readonly dimension: string;
  /** What usually helps, most often first. */
  readonly helps: string;
  /** Where the runtime says so. */
  readonly source: string;
};
