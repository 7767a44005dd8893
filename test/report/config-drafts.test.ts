import fc from "fast-check";
import { expect, test } from "vitest";
import { checkRunDraftSchema } from "../../src/report/check-run-draft.ts";
import { configMistakesDraft } from "../../src/report/config-drafts.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { HOSTILE_NAMES, hostileText } from "./hostile.ts";

const PROBLEM = {
  line: 4,
  column: 14,
  key: "gate.rules.0.block",
  message: 'there is no "p95"; did you mean "p99"?',
};

test("mistakes of the base branch are told without remarks: the lines are not in the change", () => {
  const draft = configMistakesDraft({ fileName: "f.yml", side: "base", problems: [PROBLEM] });
  expect(draft.output.title).toBe("Configuration: 1 mistake in f.yml on the base branch");
  expect(draft.output.annotations).toBeUndefined();
  expect(draft.output.summary).toContain("judged by the default rule");
});

test("no file makes a draft that GitHub refuses", () => {
  fc.assert(
    fc.property(
      hostileText,
      hostileText,
      fc.integer({ min: 1, max: 60 }),
      (key, message, count) => {
        const problem = { line: 1, column: 1, key, message: message.repeat(100) };
        const problems = Array.from({ length: count }, () => problem);
        const fileName = ".github/tailguard.yml";
        const draft = configMistakesDraft({ fileName, side: "head", problems });
        expect(checkRunDraftSchema.parse(draft)).toEqual(draft);
      },
    ),
  );
});

test("no key and no word of a file links, mentions or fakes", () => {
  for (const name of HOSTILE_NAMES) {
    const problem = { line: 1, column: 1, key: name, message: `there is no "${name}"` };
    const draft = configMistakesDraft({ fileName: name || "f", side: "head", problems: [problem] });
    checkMarkdown(draft.output.summary);
  }
});
