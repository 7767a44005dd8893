import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeTree, newWords } from "../../src/goast/tree.ts";
import { treeText } from "./apply-edit-script.ts";
import { encodedTree, treeOf } from "./tree-of.ts";

const TEXT = "Root:func(Block(Assign::=(Local:x#0 BasicLit:1) Return(Local:x#0)) None)";

test("reads what was written, in the words of all trees", () => {
  const words = newWords();
  treeOf(words, "Other:text(Name:g)");
  const { tree, words: fileWords } = encodedTree(TEXT);
  const decoded = decodeTree(tree, fileWords, words);
  expect(decoded && treeText(decoded)).toBe(treeText(treeOf(words, TEXT)));
  expect([...(decoded?.parent ?? [])]).toEqual([-1, 0, 1, 2, 2, 1, 5, 0]);
  expect([...(decoded?.line ?? [])]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
});

test("a damaged tree is none, whatever is wrong with it", () => {
  const { tree, words } = encodedTree(TEXT);
  const bytes = Buffer.from(tree, "base64");
  const broken = (change: (copy: Buffer) => Buffer) =>
    decodeTree(change(Buffer.from(bytes)).toString("base64"), words, newWords());
  expect(broken((copy) => copy.subarray(0, -1))).toBeUndefined();
  expect(broken((copy) => copy.subarray(6))).toBeUndefined();
  expect(broken((copy) => Buffer.concat([copy, copy]))).toBeUndefined();
  expect(broken(() => Buffer.alloc(0))).toBeUndefined();
  expect(broken(() => Buffer.alloc(60, 0xff))).toBeUndefined();
  expect(decodeTree(tree, [], newWords())).toBeUndefined();
  expect(decodeTree("?", words, newWords())).toBeUndefined();
});

test("any bytes are a tree or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      const decoded = decodeTree(Buffer.from(bytes).toString("base64"), ["", "a", "b"], newWords());
      if (decoded === undefined) return;
      expect(decoded.end[0]).toBe(decoded.size);
      for (let node = 1; node < decoded.size; node++) {
        const parent = decoded.parent[node] ?? -1;
        expect(parent).toBeGreaterThanOrEqual(0);
        expect(decoded.end[node]).toBeLessThanOrEqual(decoded.end[parent] ?? 0);
      }
    }),
  );
});
