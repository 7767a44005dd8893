// Text as an attacker would choose it, and how a reader sees what became of it.
import fc from "fast-check";

/** Names as they could be given to benchmarks, functions, branches, files, commits and users. */
export const HOSTILE_NAMES = [
  "|",
  "\\|",
  "`",
  "``",
  "\n",
  "\r\n## x",
  "<script>alert(1)</script>",
  "<img src=x onerror=a()>",
  "</code>",
  "</td></tr>",
  "</details>",
  "<!--",
  "-->",
  "@octocat",
  "@org/team",
  "#123",
  "GH-42",
  "owner/repo#7",
  "https://evil.example/x",
  "www.evil.example",
  "mailto:a@b.example",
  "[l](https://evil.example)",
  "![i](https://evil.example/i.png)",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u0000",
  "\u001b[31m",
  "\u0007",
  "\t",
  "*b*",
  "_u_",
  "__u__",
  "~~s~~",
  "$m$",
  "&amp;",
  "&#64;x",
  "{{constructor}}",
  "{{{x}}}",
  "__proto__",
  "- x",
  "1. x",
  "# x",
  "> x",
  "```",
  "---",
  " ",
  "中文",
  "👩‍💻",
  "\ud800",
  "\u3164",
  "Parse/size=4k",
  "octocat",
  "@dependabot[bot] merge",
  "fixes #1, closes owner/repo#2",
  "<details open><summary>x</summary>",
  "<a href='https://evil.example'>x</a>",
  "| a | b |\n|---|---|\n| c | d |",
  "~~~\n```suggestion\nrm -rf /\n```",
  "/tailguard accept X",
  "<https://evil.example>",
  "user@evil.example",
] as const;

/** Joined pieces and random characters, control and astral ones included. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE_NAMES), fc.string({ unit: "binary", maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((pieces) => pieces.join(""));

/** The text of HTML without its tags, backticks and the zero-width spaces that break links. */
export function shownText(html: string): string {
  return html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("\u200b", "")
    .replaceAll("`", "")
    .replace(/\n$/, "");
}
