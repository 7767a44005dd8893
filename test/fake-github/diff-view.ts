// "Files changed": each file's hunks as GitHub draws them, with the annotations and the review
// comments of the head below the line they are anchored to. What is anchored outside of every hunk
// is not shown by GitHub there either, and so is not shown here.
import type { DiffEntry } from "./git.ts";
import { type Html, html } from "./html.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Annotation, ReviewComment } from "./model.ts";

export type Placed = {
  readonly annotations: readonly (Annotation & { readonly check: string })[];
  readonly comments: readonly (ReviewComment & { readonly author: string })[];
};

type Row = {
  readonly kind: "hunk" | "added" | "removed" | "context";
  readonly baseLine?: number;
  readonly headLine?: number;
  readonly text: string;
};

export function fileDiff(file: DiffEntry, placed: Placed): Html {
  const name = file.previous_filename
    ? `${file.previous_filename} → ${file.filename}`
    : file.filename;
  const rows = patchRows(file.patch ?? "").map(
    (row) => html`${line(row)}${notes(file, row, placed)}`,
  );
  return html`<div class="file" id="${`file-${file.filename}`}">
<div class="file-head"><span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span> <b>${name}</b></div>
<table class="diff">${rows}</table></div>`;
}

function patchRows(patch: string): Row[] {
  const rows: Row[] = [];
  let base = 0;
  let head = 0;
  for (const text of patch === "" ? [] : patch.split("\n")) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (hunk !== null) {
      base = Number(hunk[1]);
      head = Number(hunk[2]);
      rows.push({ kind: "hunk", text });
    } else if (text.startsWith("+")) {
      rows.push({ kind: "added", headLine: head++, text: text.slice(1) });
    } else if (text.startsWith("-")) {
      rows.push({ kind: "removed", baseLine: base++, text: text.slice(1) });
    } else if (text.startsWith(" ")) {
      rows.push({ kind: "context", baseLine: base++, headLine: head++, text: text.slice(1) });
    }
  }
  return rows;
}

const SIGNS = { hunk: "", added: "+", removed: "-", context: " " } as const;

function line(row: Row): Html {
  return html`<tr class="${row.kind}"><td class="number">${row.baseLine}</td><td class="number">${row.headLine}</td><td class="code"><span class="sign">${SIGNS[row.kind]}</span>${row.text}</td></tr>
`;
}

function notes(file: DiffEntry, row: Row, { annotations, comments }: Placed): Html[] {
  const onLine = annotations
    .filter(({ path, end_line }) => path === file.filename && end_line === row.headLine)
    .map((note) => annotationBox(note));
  const said = comments
    .filter(({ path, line, side }) => {
      const anchor = side === "LEFT" ? row.baseLine : row.headLine;
      return path === file.filename && line === anchor;
    })
    .map(
      ({ author, body }) =>
        html`<div class="note"><b>${author}</b>${renderMarkdown(body, "comment")}</div>`,
    );
  return [...onLine, ...said].map(
    (box) => html`<tr class="notes"><td colspan="3">${box}</td></tr>
`,
  );
}

const LEVELS = { notice: "Check notice", warning: "Check warning", failure: "Check failure" };

/** The message is plain text at GitHub: Markdown in it is shown as it is written. */
export function annotationBox(note: Annotation & { readonly check: string }): Html {
  const lines =
    note.start_line === note.end_line
      ? `line ${note.end_line}`
      : `lines ${note.start_line} to ${note.end_line}`;
  const raw = note.raw_details
    ? html`<details><summary>Raw output</summary><pre>${note.raw_details}</pre></details>`
    : undefined;
  return html`<div class="annotation ${note.annotation_level}">
<div class="annotation-head">${LEVELS[note.annotation_level]} on ${lines} in ${note.path}</div>
<div class="muted">${note.check}</div>
<b>${note.title}</b><pre class="message">${note.message}</pre>${raw}</div>`;
}
