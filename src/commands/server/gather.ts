// Writes of many requests in one transaction: what comes while a write is under way waits for its
// end and is written together. Alone, a request waits for nothing; among many, it shares the cost of
// a commit, which is most of what a small write costs.

/**
 * A function that writes one item and resolves once it is written. `write` gets the items in the
 * order they came; when it fails for several, each is tried alone, so that one bad item costs itself.
 */
export function createGatherer<T>(
  write: (items: readonly T[]) => Promise<void>,
  most: number,
): (item: T) => Promise<void> {
  type Waiting = { readonly item: T; resolve(): void; reject(error: unknown): void };
  let waiting: Waiting[] = [];
  let isWriting = false;
  const writeAll = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await writeAll([one]);
    }
  };
  const drain = async (): Promise<void> => {
    if (isWriting) return;
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await writeAll(batch);
    }
    isWriting = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      void drain();
    });
}
