// HTML in template literals: every value is escaped unless it is HTML made here already.

/** Text that is HTML and may stand in HTML as it is. */
export type Html = { readonly html: string };

type Value = Html | readonly Html[] | string | number | undefined;

export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(rendered)) };
}

function escapeHtml(text: string): string {
  const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character as keyof typeof entities]);
}

function rendered(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "html" in value ? value.html : value.map(({ html }) => html).join("");
}
