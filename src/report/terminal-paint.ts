// Colors by their ANSI numbers. node:util's styleText was rejected: since Node 22.13 it asks the
// environment whether to color, and here the caller has already decided.

type Style = (text: string) => string;
export type Paint = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow", Style>>;

function sgr(on: number, off: number): Style {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

/** Select Graphic Rendition, ECMA-48 8.3.117. */
export const ansiPaint: Paint = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  green: sgr(32, 39),
  yellow: sgr(33, 39),
};

const plain: Style = (text) => text;
export const noPaint: Paint = {
  bold: plain,
  dim: plain,
  red: plain,
  green: plain,
  yellow: plain,
};
