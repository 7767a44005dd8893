// A differential flame graph as one static SVG: no script, no style, no reference, so that it stands
// in a page of the strictest policy and opens from a disk. Names and numbers are in <title>, which
// browsers show at the pointer.
//
// Red got dearer, blue got cheaper, gray stayed. The color says how much of the benchmark's cost
// moved inside the box, not how much of the box: a box of one sample doubles by chance.
import type { FlameBox, FlameGraph } from "../pprof/flame-graph.ts";
import { shorten, visible } from "../report/escape.ts";
import { formatQuantity } from "../report/format.ts";

const WIDTH = 1200;
const ROW = 18;
const HEADER = 44;
const MARGIN = 10;
/** Pixels of a monospaced letter at FONT_SIZE, rounded up for the widest fonts in use. */
const LETTER = 6.7;
const FONT_SIZE = 11;
/** Shorter pieces of a name cannot be told apart. */
const LETTERS_MIN = 4;
/** A tenth of all cost is the full color; half a percent is no color. */
const FULL_COLOR = 0.1;
const NO_COLOR = 0.005;
/** Names may have 10,000 characters; the tooltip needs less. */
const TITLE_MAX = 300;

export type FlameText = {
  readonly title: string;
  /** "sec/op" or "B/op"; boxes are in it times `scale`. */
  readonly metric: string;
  /** From the unit of the graph to that of the metric: 1e-9 for nanoseconds. */
  readonly scale: number;
  readonly nameOf: (key: string) => string;
};

/** The picture, callees below their callers. */
export function flameSvg(graph: FlameGraph, text: FlameText): string {
  const height = HEADER + graph.depth * ROW + MARGIN;
  const whole = graph.boxes[0];
  const total = Math.max(whole?.base ?? 0, whole?.head ?? 0) || 1;
  const boxes = graph.boxes.map((box) => boxSvg(box, total, text));
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="100%"`;
  const font = `font-family="ui-monospace,Menlo,Consolas,monospace" font-size="${FONT_SIZE}"`;
  const left =
    graph.leftOutCount === 0 ? "" : ` ${graph.leftOutCount} smaller or deeper ones are not drawn.`;
  const note = `Width: base and head together. Red: dearer, blue: cheaper, gray: the same.${left}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} role="img">`,
    `<title>${xml(text.title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${MARGIN}" y="17" font-size="13" fill="#1f2328">${xml(shorten(visible(text.title), 140))}</text>`,
    `<text x="${MARGIN}" y="34" fill="#59636e">${xml(note)}</text>`,
    ...boxes,
    "</svg>\n",
  ].join("\n");
}

function boxSvg(box: FlameBox, total: number, text: FlameText): string {
  const inner = WIDTH - 2 * MARGIN;
  const x = MARGIN + box.left * inner;
  const y = HEADER + box.depth * ROW;
  // A gap between neighbors, as long as something is left of the box.
  const width = Math.max(0.4, box.width * inner - 0.6);
  const name = box.key === "" ? "all" : visible(text.nameOf(box.key));
  const cost = (value: number) => formatQuantity(value * text.scale, text.metric);
  const change = (box.head - box.base) / total;
  const title = `${shorten(name, TITLE_MAX)}\nbase ${cost(box.base)}, head ${cost(box.head)} an operation (${percent(change)} of all)`;
  const place = `x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}"`;
  const label = labelOf(name, Math.floor((width - 6) / LETTER));
  const words =
    label === ""
      ? ""
      : `<text x="${(x + 3).toFixed(1)}" y="${y + 12.5}" fill="#1f2328">${xml(label)}</text>`;
  return `<g><title>${xml(title)}</title><rect ${place} rx="1.5" fill="${colorOf(change)}"/>${words}</g>`;
}

/** The end of a name says more than its import path: "fastjson.(*Parser).Parse", "….Parse". */
function labelOf(name: string, letters: number): string {
  if (letters < LETTERS_MIN) return "";
  // A slash inside brackets belongs to a type argument.
  const open = name.search(/[([]/);
  const slash = name.lastIndexOf("/", open < 0 ? undefined : open);
  const short = name.slice(slash + 1);
  if (short.length <= letters) return short;
  const local = short.slice(short.indexOf(".") + 1);
  return local.length <= letters ? local : `${local.slice(0, letters - 1)}…`;
}

/** Gray at no change; towards red or blue with the root of its size, since most are small. */
function colorOf(change: number): string {
  const size = Math.min(1, Math.max(0, Math.abs(change) - NO_COLOR) / (FULL_COLOR - NO_COLOR));
  const strength = Math.sqrt(size);
  const end = change > 0 ? [255, 112, 98] : [104, 163, 255];
  const mix = [226, 229, 233].map((gray, at) =>
    Math.round(gray + ((end[at] as number) - gray) * strength),
  );
  return `#${mix.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function percent(fraction: number): string {
  const value = (fraction * 100).toFixed(1);
  return `${fraction >= 0 ? "+" : ""}${value} %`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function xml(text: string): string {
  const lines = text.split("\n").map((line) => visible(line));
  return lines.join("\n").replace(/[&<>"']/g, (found) => ENTITIES[found] as string);
}
