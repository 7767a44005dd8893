// What is answered to commands holds nothing of what people typed but as text.
import { describe, expect, test } from "vitest";
import {
  acceptedAnswer,
  askedAnswer,
  explainAnswer,
  forkAnswer,
  helpAnswer,
  movedAnswer,
  noSuchBenchmark,
  SHORT_ANSWERS,
  unknownAnswer,
  unknownRevisionAnswer,
} from "../../src/report/answers.ts";
import { COMMENT_AIM, sizeOf } from "../../src/report/limits.ts";
import { cancelledDraft, failureOfOursDraft, holdDraft } from "../../src/report/status-drafts.ts";
import { readTemplates } from "../../src/templates.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { HOSTILE_NAMES } from "./hostile.ts";
import { metric, reportOf } from "./make-report.ts";

const templates = readTemplates();
const detailsUrl = "https://tailguard.example.com/runs/1";

function reportNamed(name: string) {
  const regressed = metric({
    change: 0.2,
    decision: "regressed",
    benchmark: { cell: "local", package: "example.com/m", name },
    warnings: [name],
  });
  return reportOf([regressed], {
    causes: [
      {
        benchmark: name,
        package: "example.com/m",
        metric: regressed.metric,
        function: name,
        position: { file: name || "x", line: 2 },
        side: "head",
        kind: "code",
        chain: [name],
        proof: "static",
        text: name,
      },
    ],
  });
}

describe("names in answers", () => {
  test.each(HOSTILE_NAMES)("%j", (name) => {
    const report = reportNamed(name);
    const [benchmark] = report.benchmarks;
    const [first] = benchmark?.metrics ?? [];
    if (benchmark === undefined || first === undefined) throw new Error("it has one metric");
    const hold = holdDraft({ title: name, reason: name });
    const answers = [
      noSuchBenchmark(name, report),
      unknownRevisionAnswer(name),
      forkAnswer(name),
      movedAnswer(name),
      explainAnswer({ report, benchmarks: [benchmark], templates, detailsUrl }),
      acceptedAnswer({
        metrics: [{ benchmark, metric: first }],
        report,
        author: name,
        reason: name,
        until: "2026-12-31",
      }),
      askedAnswer({
        draft: hold,
        options: [`--bench ${name}`],
        head: name,
        requestedBy: name,
        detailsUrl,
      }),
      hold.output.summary,
      cancelledDraft(name).output.summary,
      failureOfOursDraft({ reason: name, id: name }).output.summary,
    ];
    for (const answer of answers) {
      checkMarkdown(answer, "comment");
      expect(sizeOf(answer)).toBeLessThanOrEqual(COMMENT_AIM);
    }
  });
});

test("what is ours to say is plain Markdown too", () => {
  for (const answer of [helpAnswer(), unknownAnswer("x"), ...Object.values(SHORT_ANSWERS)]) {
    checkMarkdown(answer, "comment");
  }
});

test("an explanation of many benchmarks shows the first, and says how many are left", () => {
  const names = Array.from({ length: 30 }, (_, at) => `BenchmarkParse/${at}`);
  const report = reportOf(
    names.map((name) =>
      metric({ benchmark: { cell: "local", package: "example.com/m", name }, change: 0 }),
    ),
  );
  const { benchmarks } = report;
  const text = explainAnswer({ report, benchmarks, templates, detailsUrl });
  expect(text).toContain("20 more benchmarks");
  expect(text).toContain("`Parse/9`");
  expect(text).not.toContain("`Parse/10`");
  expect(noSuchBenchmark("x", report)).toContain("… 20 more");
});
