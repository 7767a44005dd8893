// Which functions have another name on head, which are gone, and which are new: what the syntax trees
// say to whoever compares names. An unchanged body makes a rename no finding, and it is one here.

export type SourceNames = {
  /** Full names on base, "example.com/m.(*T).Scan", by those that the same functions have on head. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Full names of functions that only base has, and that only head has. */
  readonly removed: ReadonlySet<string>;
  readonly added: ReadonlySet<string>;
};
