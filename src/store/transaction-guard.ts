// A query on the store inside one of its own transactions is refused at once, on both databases.
//
// PGlite has one connection, so such a query waits for a transaction that waits for the query: it
// hangs for ever. PostgreSQL runs it on another connection, outside the transaction, which is
// wrong in silence. Both are prevented where connections are taken: code that runs inside a
// transaction may only use the `tx` it was given.

import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";

const current = new AsyncLocalStorage<{ open: boolean }>();

/** Runs `work` marked as the inside of a transaction; the mark ends when `work` settles. */
export async function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  const mark = { open: true };
  try {
    return await current.run(mark, work);
  } finally {
    // Timers started inside keep the mark in their context; the transaction is over for them.
    mark.open = false;
  }
}

/** Throws when called inside a transaction; every way to a new connection calls it first. */
export function assertOutsideTransaction(): void {
  assert(
    current.getStore()?.open !== true,
    "a query outside the open transaction was made inside it: pass `tx` down and use it",
  );
}
