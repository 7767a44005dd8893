import { expect, test } from "vitest";
import { createGatherer } from "../../src/commands/server/gather.ts";

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("what comes while a write is under way is written together, in order", async () => {
  const first = gate();
  const written: number[][] = [];
  const record = createGatherer<number>(async (items) => {
    written.push([...items]);
    if (written.length === 1) await first.opened;
  }, 3);
  const all = [1, 2, 3, 4, 5, 6].map(record);
  first.open();
  await Promise.all(all);
  expect(written).toEqual([[1], [2, 3, 4], [5, 6]]);
});

test("one bad item costs itself only", async () => {
  const kept: number[] = [];
  const record = createGatherer<number>(async (items) => {
    if (items.includes(3)) throw new Error("bad");
    kept.push(...items);
  }, 10);
  const results = await Promise.allSettled([1, 2, 3, 4].map(record));
  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(kept).toEqual([1, 2, 4]);
  await record(5);
  expect(kept).toContain(5);
});
