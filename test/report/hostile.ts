// Text as an attacker would choose it, and how a reader sees what became of it.
import fc from "fast-check";

const PIECES = [
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
] as const;

/** Joined pieces and random characters, control and astral ones included. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 4 })), {
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
