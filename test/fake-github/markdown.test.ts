import { expect, test } from "vitest";
import { renderMarkdown } from "./markdown.ts";

function check(source: string, expected: string, place: "comment" | "check" = "check"): void {
  const { html } = renderMarkdown(source, place);
  const inner = html.replace('<div class="markdown">', "").replace(/<\/div>$/, "");
  expect(inner.replace(/\n(?=<)|(?<=>)\n/g, "")).toBe(expected);
}

test("tables with alignment, strikethrough, bare links", () => {
  check(
    "| a | b |\n|---|--:|\n| ~~1~~ | `2` |",
    '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td><s>1</s></td><td align="right"><code>2</code></td></tr></tbody></table>',
  );
  check("see https://go.dev", '<p>see <a href="https://go.dev">https://go.dev</a></p>');
  check("www.go.dev/x y", '<p><a href="http://www.go.dev/x">www.go.dev/x</a> y</p>');
  check("example.com/ledger.Read", "<p>example.com/ledger.Read</p>");
  check("//go.dev/x", "<p>//go.dev/x</p>");
});

test("details and sub are kept, with Markdown inside", () => {
  check(
    "<details><summary>More</summary>\n\n**bold** <sub>x</sub>\n\n</details>",
    "<details><summary>More</summary><p><strong>bold</strong> <sub>x</sub></p></details>",
  );
});

test("what GitHub strips is stripped", () => {
  check("<script>alert(1)</script>x", "x");
  check('<img src="javascript:alert(1)" onerror="alert(1)">', "<img />");
  check('<b style="color:red" class="x" onclick="y">b</b>', "<p><b>b</b></p>");
  check("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>");
  check("<iframe src='https://x'></iframe><form><input></form>", "");
});

test("a mention is a link to its owner, and is none in code, links and addresses", () => {
  const mention = '<a class="user-mention" href="https://github.invalid/gopher">@gopher</a>';
  check("hi @gopher.", `<p>hi ${mention}.</p>`);
  check("`@gopher` a@gopher.dev", "<p><code>@gopher</code> a@gopher.dev</p>");
});

test("single line ends break lines in comments only", () => {
  check("a\nb", "<p>a\nb</p>", "check");
  check("a\nb", "<p>a<br />b</p>", "comment");
});

test("task lists", () => {
  check("- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>");
});
