import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CommentMode, decideMoves } from "../../src/report/conversation-moves.ts";

const A = `${"a".repeat(16)}:p10-sec/op`;
const B = `${"b".repeat(16)}:allocs/op`;
const ALL_OF_A = `${"a".repeat(16)}:*`;

/** One run after the other on one pull request; what was said at each, in three words. */
function story(
  mode: CommentMode,
  runs: readonly {
    readonly regressed?: string[];
    readonly accepted?: string[];
    readonly undecided?: string[] | "all";
  }[],
): string[] {
  let told = { hasSticky: false, regressed: [] as readonly string[] };
  return runs.map(({ regressed = [], accepted = [], undecided = [] }) => {
    const moves = decideMoves(told, { regressed, accepted, undecided }, mode);
    told = { hasSticky: told.hasSticky || moves.sticky === "create", regressed: moves.regressed };
    return `${moves.sticky}, ${moves.notice}`;
  });
}

const FINE = {};
const SLOW = { regressed: [A] };

describe("by default", () => {
  test.each([
    ["harmless pull requests hear nothing", [FINE, FINE], ["none, none", "none, none"]],
    [
      "the first regression makes the comment, which is the notice",
      [FINE, SLOW],
      ["none, none", "create, none"],
    ],
    [
      "more of the same is an edit",
      [SLOW, SLOW, { regressed: [A, B] }],
      ["create, none", "edit, none", "edit, none"],
    ],
    ["fixed is said once", [SLOW, FINE, FINE], ["create, none", "edit, fixed", "edit, none"]],
    [
      "slower again is said again",
      [SLOW, FINE, SLOW],
      ["create, none", "edit, fixed", "edit, slower"],
    ],
    [
      "what cannot be told is not called fixed",
      [SLOW, { undecided: [A] }, { undecided: [ALL_OF_A] }, { undecided: "all" as const }, FINE],
      ["create, none", "edit, none", "edit, none", "edit, none", "edit, fixed"],
    ],
    [
      "another benchmark's doubts do not matter",
      [SLOW, { undecided: [B] }],
      ["create, none", "edit, fixed"],
    ],
    [
      "what somebody accepts is not called fixed, then or later",
      [SLOW, { accepted: [A] }, FINE],
      ["create, none", "edit, none", "edit, none"],
    ],
    [
      "a run that could not measure is no turn",
      [SLOW, { undecided: "all" as const }, SLOW],
      ["create, none", "edit, none", "edit, none"],
    ],
  ])("%s", (_, runs, expected) => expect(story("regressions", runs)).toEqual(expected));
});

test("always: every result is shown, turns are still said once", () => {
  expect(story("always", [FINE, SLOW, FINE])).toEqual([
    "create, none",
    "edit, slower",
    "edit, fixed",
  ]);
});

test("never: nothing is said, and the state is kept for the day the setting changes", () => {
  expect(story("never", [SLOW, FINE])).toEqual(["none, none", "none, none"]);
  expect(
    decideMoves(
      { hasSticky: false, regressed: [] },
      { regressed: [A], accepted: [], undecided: [] },
      "never",
    ).regressed,
  ).toEqual([A]);
});

test("whatever comes, notices alternate", () => {
  const run = fc.record({
    regressed: fc.subarray([A, B]),
    undecided: fc.oneof(fc.constant("all" as const), fc.subarray([A, B, ALL_OF_A])),
  });
  fc.assert(
    fc.property(
      fc.array(run, { maxLength: 20 }),
      fc.constantFrom("regressions", "always"),
      (runs, mode) => {
        const said = story(mode, runs)
          .map((moves) => moves.split(", ")[1])
          .filter((notice) => notice !== "none");
        for (const [at, notice] of said.entries()) expect(notice).not.toBe(said[at - 1]);
      },
    ),
  );
});
