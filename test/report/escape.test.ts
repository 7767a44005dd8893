import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  markdownCode,
  markdownFence,
  markdownText,
  markdownUrl,
  shorten,
  visible,
} from "../../src/report/escape.ts";
import { renderMarkdown } from "../fake-github/markdown.ts";
import { hostileText, shownText } from "./hostile.ts";

function check(write: (text: string) => string, cases: readonly (readonly [string, string])[]) {
  test.each(cases)("%j is %j", (input, expected) => {
    expect(write(input)).toBe(expected);
  });
}

describe("what cannot be seen is written as Go writes it", () => {
  check(visible, [
    ["Parse/large", "Parse/large"],
    ["a\nb\tc\r", "a\\nb\\tc\\r"],
    ["\u0000\u001b[31m", "\\x00\\x1b[31m"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["a\u00a0b", "a\\xa0b"],
    ["\u{e0041}", "\\U000e0041"],
    ["\ud800", "\\ud800"],
    ["中文 é 👩", "中文 é 👩"],
    ["a\ufe0f", "a\\ufe0f"],
  ]);
});

describe("names for Markdown", () => {
  check(markdownCode, [
    ["Parse/size=4k", "`Parse/size=4k`"],
    ["m.(*T[go.shape.int]).Parse", "`m.(*T[go.shape.int]).Parse`"],
    ["a|b", "<code>a&#124;b</code>"],
    ["tick`", "<code>tick&#96;</code>"],
    ["@octocat", "<code>&#64;octocat</code>"],
    ["</code>", "<code>&#60;&#47;code&#62;</code>"],
    [" a ", "<code> a </code>"],
    ["", "<code></code>"],
  ]);
});

describe("prose for Markdown", () => {
  check(markdownText, [
    ["moved to heap: buf", "moved to heap: buf"],
    ["`skip` is no longer inlined", "`skip` is no longer inlined"],
    ["one ` alone", "one \\` alone"],
    ["thanks @octocat and @org/team", "thanks @&#8203;octocat and @&#8203;org/team"],
    ["see #12 and GH-7", "see #&#8203;12 and GH&#8203;-7"],
    ["https://evil.example", "https:&#8203;//evil.example"],
    ["www.evil.example", "www&#8203;.evil.example"],
    ["[a](b) ![c](d)", "\\[a\\](b) !\\[c\\](d)"],
    ["<b>&amp;</b>|", "&lt;b&gt;&amp;amp;&lt;/b&gt;&#124;"],
    ["- item", "\\- item"],
    ["1. item", "1\\. item"],
    ["# heading", "\\# heading"],
    ["two\nlines", "two lines"],
  ]);
});

test("a fence is longer than any run of backticks in it", () => {
  expect(markdownFence("a\n````\nb")).toBe("`````text\na\n````\nb\n`````");
});

describe("links", () => {
  test("keep http and https, with what could end them encoded", () => {
    expect(markdownUrl("https://x.example/a(b)|c")).toBe("https://x.example/a%28b%29%7cc");
  });
  test.each(["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])(
    "refuse %s",
    (url) => {
      expect(() => markdownUrl(url)).toThrow("a link must be http or https");
    },
  );
});

describe("cutting", () => {
  test("keeps both ends", () => {
    expect(shorten("BenchmarkParse/size=4k", 12)).toBe("Benchmar…=4k");
  });
  test("never leaves half a character, and never more than asked for", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const cut = shorten(text, max);
        expect(cut.length).toBeLessThanOrEqual(Math.max(max, 1));
        if (!/\p{Cs}/u.test(text)) expect(cut).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe("as GitHub shows it, hostile text is the text that was given", () => {
  const cases = [
    ["a name", markdownCode, visible],
    ["prose", markdownText, (text: string) => visible(text.replace(/\s+/g, " ").trim())],
  ] as const;
  test.each(cases)("%s in a table cell", (_, write, shown) => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { html } = renderMarkdown(`| a | b |\n|---|---|\n| ${write(text)} | end |`, "check");
        expect(html).not.toMatch(/<(a|img|h\d|del|em|strong)\b/);
        const cells = html.split("<td").slice(1);
        expect(cells).toHaveLength(2);
        const seen = shownText(`<td${cells[0]}`);
        // Backticks mark names, and spaces at the ends of a cell are nowhere shown.
        expect(seen.trim()).toBe(shown(text).replaceAll("`", "").trim());
      }),
      { numRuns: 300 },
    );
  });
});
