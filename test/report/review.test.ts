// The inline review as GitHub shows it: which remarks there are, on which lines, and what is said
// of the causes that have none.
import { expect, test } from "vitest";
import type { Cause } from "../../src/judge/verdict.ts";
import { renderConversation } from "../../src/report/conversation.ts";
import { readTemplates } from "../../src/templates.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { metric, reportOf } from "./make-report.ts";

const DIFF = `diff --git a/table.go b/table.go
--- a/table.go
+++ b/table.go
@@ -1,15 +1,17 @@
 package m
 
-func (t *Table) At(i int) int {
+func (t Table) At(i int) int {
 	return t.sum[i]
 }
 
-func count(lines [][]byte) int {
+func count(lines [][]byte, sep string) int {
 	n := 0
 	for _, line := range lines {
-		if len(line) > 0 {
+		if bytes.Contains(line, []byte(sep)) {
 			n++
 		}
 	}
 	return n
 }
+
+var size = 8
`;

function cause(name: string, line: number, more: Partial<Cause> = {}): Cause {
  return {
    benchmark: "BenchmarkParse",
    package: "example.com/m",
    metric: "allocs/op",
    function: `example.com/m.${name}`,
    position: { file: "table.go", line },
    side: "head",
    kind: "allocation",
    chain: [],
    proof: "profile",
    text: `\`${name}\` changed`,
    ...more,
  };
}

function reviewOf(causes: readonly Cause[]) {
  const moved = metric({ metric: "allocs/op", change: 1, decision: "regressed", blocks: true });
  const report = reportOf([moved], { causes });
  const detailsUrl = "https://tailguard.example.com/runs/1";
  return renderConversation({ report, templates: readTemplates(), diff: DIFF, detailsUrl }).review;
}

test("remarks with suggested changes, and a cause that the diff does not show", async () => {
  const review = reviewOf([
    cause("(*Table).At", 3, { kind: "signature" }),
    cause("count", 10),
    cause("elsewhere", 90),
  ]);
  const remarks = review?.comments.map(({ path, firstLine, line, body }) => {
    // Go is indented by tabs, which are control characters elsewhere.
    checkMarkdown(body.replaceAll("\t", ""), "comment");
    return `===== ${path}:${firstLine === undefined ? "" : `${firstLine}-`}${line} =====\n\n${body}`;
  });
  const text = [review?.body, ...(remarks ?? [])].join("\n\n");
  await expect(text).toMatchFileSnapshot("../testdata/review/suggested-changes.md");
});

test("a line is remarked on once, and what it says is not repeated as a cause elsewhere", () => {
  const review = reviewOf([cause("size", 17), cause("size", 17, { kind: "code" })]);
  expect(review?.comments.map(({ line }) => line)).toEqual([17]);
  expect(review?.body).not.toContain("table.go:17");
});

test("without a line in the diff there is no review", () => {
  expect(reviewOf([cause("elsewhere", 90)])).toBeUndefined();
});
