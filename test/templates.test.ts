import { describe, expect, test } from "vitest";
import { renderTemplate } from "../src/report/template-engine.ts";
import { readTemplates } from "../src/templates.ts";

const templates = readTemplates();
const markdown = Object.entries(templates).filter(([name]) => name.endsWith(".md.hbs"));
const html = Object.entries(templates).filter(([name]) => name.endsWith(".html.hbs"));

describe("templates", () => {
  test("of both languages are read", () => {
    expect(markdown.length).toBeGreaterThan(5);
    expect(html.length).toBeGreaterThan(2);
  });
  test.each(markdown)("%s prints no value without a helper that escapes it", (_, text) => {
    const values = text.match(/\{\{(?![#/>!])[^}]*\}\}/g) ?? [];
    const HELPERS = /^\{\{(?:text|code|fence|suggestion|url|plain|step|markdown) [\w@.]+\}\}$/;
    expect(values.filter((value) => !HELPERS.test(value) && value !== "{{else}}")).toEqual([]);
  });
  test.each(html)("%s prints nothing unescaped but our style sheet and our pictures", (_, text) => {
    expect(text.replace("{{{style}}}", "").replace("{{{svg}}}", "")).not.toMatch(/\{\{\{|\{\{&/);
  });
  test.each(html)("%s runs nothing and loads nothing", (_, text) => {
    expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|https?:\/\//i);
  });
});

describe("strictness", () => {
  const own = { "page.html.hbs": "{{a}} {{b.c}}", "line.md.hbs": "{{plain a}}" };
  test("a name that is missing is an error", () => {
    expect(() => renderTemplate(own, "page", "html", { b: { c: 1 } })).toThrow('"a" not defined');
  });
  test("HTML is escaped", () => {
    expect(renderTemplate(own, "page", "html", { a: "<b>", b: { c: "&" } })).toBe(
      "&lt;b&gt; &amp;",
    );
  });
  test("what comes from strangers cannot pass as our own words", () => {
    expect(() => renderTemplate(own, "line", "md", { a: "@octocat" })).toThrow(
      "only text written by us",
    );
    expect(renderTemplate(own, "line", "md", { a: "< 2.1 %" })).toBe("< 2.1 %");
  });
});
