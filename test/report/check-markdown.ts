// What a reader at GitHub could be fooled by, looked for in Markdown of ours: tags, mentions, links
// to elsewhere, control and direction characters.
import { expect } from "vitest";
import { renderMarkdown as asGitHubShows } from "../fake-github/markdown.ts";

/** Our own tags, and "<" before a number or a space, which is no tag. */
const RAW_TAG = /<(?!\/?(?:code|details|summary)>|[\d ])/;

/** Fenced blocks hold text as it is: GitHub shows it and reads nothing in it. */
function outsideFences(markdown: string): string {
  return markdown.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, "");
}

/** Fails where anything but our own tags and our own link gets through. */
export function checkMarkdown(markdown: string, place: "check" | "comment" = "check"): void {
  const prose = outsideFences(markdown);
  expect(prose).not.toMatch(RAW_TAG);
  expect(prose).not.toMatch(/@(?!&#8203;)[A-Za-z0-9]/);
  expect(markdown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  const { html } = asGitHubShows(markdown, place);
  expect(html).not.toMatch(/<(img|input|video)\b|user-mention/);
  for (const [, href, text = ""] of html.matchAll(/<a href="([^"]*)">([\s\S]*?)<\/a>/g)) {
    // GitHub links bare addresses only with a scheme or "www."; this renderer links more.
    const isBareHost = href === `http://${text}` && !/^(\w+:|www\.)/i.test(text);
    if (!isBareHost) expect(href).toBe("https://tailguard.example.com/runs/1");
  }
}
