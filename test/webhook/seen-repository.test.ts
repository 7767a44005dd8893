import { expect, test } from "vitest";
import { seenRepository } from "../../src/webhook/seen-repository.ts";

const NOW = {
  owner: "acme",
  name: "books",
  cloneUrl: "https://github.com/acme/books.git",
  installationId: 7,
};

function payload(facts: Readonly<Record<string, unknown>> = {}) {
  return {
    repository: {
      id: 41,
      name: "books",
      owner: { login: "acme" },
      clone_url: "https://github.com/acme/books.git",
      updated_at: "2026-11-25T08:00:00Z",
    },
    installation: { id: 7 },
    sender: { login: "gopher" },
    ...facts,
  };
}

const account = { login: "Old-Owner" };
test.each([
  ["nothing moved", {}, undefined],
  ["renamed", { changes: { repository: { name: { from: "Ledger" } } } }, "acme/ledger"],
  ["from a person", { changes: { owner: { from: { user: account } } } }, "old-owner/books"],
  [
    "from an organization",
    { changes: { owner: { from: { organization: account } } } },
    "old-owner/books",
  ],
  ["an edit of something else", { changes: { title: { from: "x" } } }, undefined],
  ["a hostile name", { changes: { repository: { name: { from: "../x" } } } }, undefined],
])("%s", (_what, facts, wasNamed) => {
  expect(seenRepository(payload(facts))).toEqual({
    id: 41,
    repository: NOW,
    updatedAt: "2026-11-25T08:00:00Z",
    ...(wasNamed === undefined ? {} : { wasNamed }),
  });
});

test.each([undefined, null, {}, [], payload({ repository: { id: "41" } })])(
  "%j is of no repository",
  (nothing) => {
    expect(seenRepository(nothing)).toBeUndefined();
  },
);

test("a time that is none leaves it open", () => {
  const repository = { ...payload().repository, updated_at: 1234 };
  expect(seenRepository(payload({ repository }))).toEqual({ id: 41, repository: NOW });
});
