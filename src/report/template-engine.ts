// Handlebars for two languages, each in an environment of its own so that no helper leaks. HTML is
// escaped by Handlebars. Markdown cannot be: there every value goes through a helper that escapes
// for its place, and test/templates.test.ts refuses a template that prints a value without one.
// Strict: a name that is not in the context is an error, never an empty string.
import assert from "node:assert/strict";
import Handlebars from "handlebars";
import {
  markdownCode,
  markdownFence,
  markdownSuggestion,
  markdownText,
  markdownUrl,
  proseParts,
} from "./escape.ts";

/** Texts of the files in templates/, by file name: "report.md.hbs". */
export type TemplateTexts = Readonly<Record<string, string>>;

type Language = "md" | "html";

/** A number or word that this room wrote itself: only what such text can hold passes. */
function plainText(value: string | number): string {
  const text = String(value);
  assert(
    /^([\w .,:;+~%[\]()µ/-]|<(?=[\d ]))*$/.test(text),
    `only text written by us is printed as it is: ${text}`,
  );
  return text;
}

/** Prose with the names between backticks as code. */
function htmlProse(text: string): Handlebars.SafeString {
  const escaped = proseParts(text).map((part) => {
    const safe = Handlebars.escapeExpression(part.text);
    return part.isCode ? `<code>${safe}</code>` : safe;
  });
  return new Handlebars.SafeString(escaped.join(""));
}

function environmentFor(texts: TemplateTexts, language: Language): typeof Handlebars {
  const environment = Handlebars.create();
  for (const [file, text] of Object.entries(texts)) {
    const name = new RegExp(`^(.+)\\.${language}\\.hbs$`).exec(file)?.[1];
    if (name !== undefined) environment.registerPartial(name, text);
  }
  if (language === "md") {
    environment.registerHelper({
      text: markdownText,
      code: markdownCode,
      fence: markdownFence,
      suggestion: markdownSuggestion,
      url: markdownUrl,
      plain: plainText,
      step: (index: number) => index + 1,
      /** Markdown that a template of ours already wrote. */
      markdown: (text: string) => text,
    });
  }
  if (language === "html") environment.registerHelper({ prose: htmlProse });
  return environment;
}

type Compiled = Map<string, (context: object) => string>;

/** Compiling costs milliseconds, the texts are read once in a process, and a page is cut to fit by
 * writing it several times. */
const compiled = new WeakMap<TemplateTexts, Compiled>();

function compile(texts: TemplateTexts, name: string, language: Language): Compiled {
  const known = compiled.get(texts) ?? new Map();
  compiled.set(texts, known);
  const source = texts[`${name}.${language}.hbs`];
  assert(source !== undefined, `templates/${name}.${language}.hbs was read`);
  const environment = environmentFor(texts, language);
  const template = environment.compile(source, { strict: true, noEscape: language === "md" });
  return known.set(`${name}.${language}`, (context: object) => template(context));
}

/** `context` written by templates/NAME.LANGUAGE.hbs; throws on a name the context lacks. */
export function renderTemplate(
  texts: TemplateTexts,
  name: string,
  language: Language,
  context: object,
): string {
  const key = `${name}.${language}`;
  const known = compiled.get(texts)?.get(key) ?? compile(texts, name, language).get(key);
  assert(known !== undefined);
  return known(context);
}
