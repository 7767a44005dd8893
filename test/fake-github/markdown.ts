// Markdown as GitHub shows it: tables, strikethrough, bare links, mentions, task lists, and of raw
// HTML only what GitHub's own filter lets through. The list is that of github/html-pipeline's
// sanitization filter. What is stripped there is stripped here, so a report that leans on a
// forbidden tag, or lets a benchmark's name smuggle one in, looks as wrong here as it would there.
import MarkdownIt from "markdown-it";
import sanitizeHtml from "sanitize-html";
import type { Html } from "./html.ts";

const TAGS =
  "h1 h2 h3 h4 h5 h6 br b i strong em a pre code img tt div ins del sup sub p picture ol ul table thead tbody tfoot blockquote dl dt dd kbd q samp var hr ruby rt rp li tr td th s strike summary details caption figure figcaption abbr bdo cite dfn mark small source span time wbr";

const ATTRIBUTES =
  "align alt border cellpadding cellspacing colspan dir headers height hspace label lang open rowspan size span start summary title type valign value vspace width";

const FILTER: sanitizeHtml.IOptions = {
  allowedTags: TAGS.split(" "),
  allowedAttributes: {
    "*": ATTRIBUTES.split(" "),
    a: ["href", { name: "class", values: ["user-mention"] }],
    img: ["src"],
    code: [{ name: "class", multiple: false, values: ["language-go", "language-diff"] }],
  },
  allowedSchemes: ["http", "https", "mailto"],
};

/** Comments keep single line ends, as GitHub does there; files and check runs join the lines. */
export function renderMarkdown(source: string, place: "comment" | "check"): Html {
  const engine = place === "comment" ? forComments : forChecks;
  return { html: `<div class="markdown">${sanitizeHtml(engine.render(source), FILTER)}</div>` };
}

const forComments = engine({ breaks: true });
const forChecks = engine({ breaks: false });

function engine(options: { breaks: boolean }): MarkdownIt {
  const markdown = new MarkdownIt({ html: true, linkify: true, ...options });
  linkAsGitHub(markdown.linkify);
  markdown.core.ruler.after("linkify", "mentions", linkMentions);
  markdown.core.ruler.after("inline", "tasks", drawTasks);
  markdown.core.ruler.push("alignment", alignCells);
  return markdown;
}

type CoreState = Parameters<Parameters<MarkdownIt["core"]["ruler"]["after"]>[2]>[0];

/** GitHub links "https://…" and "www.…", and no other name with a dot in it: Go's are full of them. */
function linkAsGitHub(linkify: MarkdownIt["linkify"]): void {
  linkify.set({ fuzzyLink: false, fuzzyEmail: true });
  // "//host" is no link at GitHub: its autolinks begin with a scheme or "www." (GFM, section 6.9).
  linkify.add("//", null);
  linkify.add("www.", {
    validate: (text, at) => /^[\w-]+(\.[\w-]+)+[^\s<]*/.exec(text.slice(at))?.[0].length ?? 0,
    normalize: (match) => {
      match.url = `http://${match.url}`;
    },
  });
}

/** A mention notifies its owner at GitHub, so it must be seen here when one slips in. */
function linkMentions(state: CoreState): void {
  for (const block of state.tokens) {
    let insideLink = 0;
    block.children = (block.children ?? []).flatMap((token) => {
      if (token.type === "link_open") insideLink++;
      if (token.type === "link_close") insideLink--;
      if (token.type !== "text" || insideLink > 0) return [token];
      return token.content.split(/(?<![\w/])(@[A-Za-z\d][A-Za-z\d-]*)/).map((text, at) => {
        const piece = new state.Token(at % 2 === 1 ? "html_inline" : "text", "", 0);
        const name = text.slice(1);
        piece.content =
          at % 2 === 1
            ? `<a class="user-mention" href="https://github.invalid/${name}">${text}</a>`
            : text;
        return piece;
      });
    });
  }
}

function drawTasks(state: CoreState): void {
  state.tokens.forEach((token, at) => {
    if (token.type !== "inline" || state.tokens[at - 2]?.type !== "list_item_open") return;
    const first = token.children?.[0];
    if (first?.type !== "text") return;
    first.content = first.content.replace(/^\[ \] /, "☐ ").replace(/^\[[xX]\] /, "☑ ");
  });
}

/** GitHub's renderer aligns by attribute; a style would not pass its own filter. */
function alignCells(state: CoreState): void {
  for (const token of state.tokens) {
    const style = token.attrGet("style");
    if (style === null) continue;
    token.attrs = (token.attrs ?? []).filter(([name]) => name !== "style");
    token.attrSet("align", style.replace("text-align:", ""));
  }
}
