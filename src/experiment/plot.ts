// Small SVG pictures of rates between 0 and 1: a line a test over ordered conditions, or bars. Drawn
// by hand, because a document needs two of them and no library of charts.

export type Plot = {
  readonly title: string;
  /** Below the horizontal axis. */
  readonly xTitle: string;
  readonly conditions: readonly string[];
  /** One rate a condition. */
  readonly series: readonly { readonly name: string; readonly rates: readonly number[] }[];
  /** A dashed line, such as the level a false alarm should keep. */
  readonly level?: number;
};

const WIDTH = 720;
const HEIGHT = 340;
const FRAME = { left: 48, right: 190, top: 36, bottom: 48 };
const INNER = {
  width: WIDTH - FRAME.left - FRAME.right,
  height: HEIGHT - FRAME.top - FRAME.bottom,
};
/** Told apart by people who do not see all colors, too: Okabe and Ito 2008. */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** Lines over conditions that have an order. */
export function linePlot(plot: Plot): string {
  const steps = Math.max(1, plot.conditions.length - 1);
  const x = (index: number) => FRAME.left + (INNER.width * index) / steps;
  const marks = plot.series.flatMap(({ rates }, at) => [
    `<polyline fill="none" stroke="${colorOf(at)}" stroke-width="2" points="${rates.map((rate, index) => `${tenth(x(index))},${tenth(yOf(rate))}`).join(" ")}"/>`,
    ...rates.map(
      (rate, index) =>
        `<circle cx="${tenth(x(index))}" cy="${tenth(yOf(rate))}" r="3" fill="${colorOf(at)}"/>`,
    ),
  ]);
  return drawn(plot, marks, x);
}

/** Groups of bars, one group a condition. */
export function barPlot(plot: Plot): string {
  const group = INNER.width / plot.conditions.length;
  const bar = (group * 0.8) / plot.series.length;
  const middle = (index: number) => FRAME.left + group * (index + 0.5);
  const marks = plot.series.flatMap(({ rates }, at) =>
    rates.map((rate, index) => {
      const x = middle(index) - group * 0.4 + bar * at;
      const height = INNER.height * rate;
      return `<rect x="${tenth(x)}" y="${tenth(yOf(rate))}" width="${tenth(bar * 0.9)}" height="${tenth(height)}" fill="${colorOf(at)}"/>`;
    }),
  );
  return drawn(plot, marks, middle);
}

function drawn(plot: Plot, marks: readonly string[], x: (index: number) => number): string {
  const right = FRAME.left + INNER.width;
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((rate) => [
    `<line x1="${FRAME.left}" x2="${right}" y1="${tenth(yOf(rate))}" y2="${tenth(yOf(rate))}" stroke="#d9d9d9"/>`,
    text({ x: FRAME.left - 6, y: yOf(rate) + 4, anchor: "end" }, `${100 * rate} %`),
  ]);
  const level =
    plot.level === undefined
      ? []
      : [
          `<line x1="${FRAME.left}" x2="${right}" y1="${tenth(yOf(plot.level))}" y2="${tenth(yOf(plot.level))}" stroke="#555" stroke-dasharray="5 4"/>`,
        ];
  const legend = plot.series.flatMap(({ name }, at) => [
    `<rect x="${right + 16}" y="${FRAME.top + 20 * at}" width="12" height="12" fill="${colorOf(at)}"/>`,
    text({ x: right + 34, y: FRAME.top + 20 * at + 10, anchor: "start" }, name),
  ]);
  const labels = plot.conditions.map((condition, index) =>
    text({ x: x(index), y: HEIGHT - FRAME.bottom + 18, anchor: "middle" }, condition),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${plot.title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${FRAME.left}" y="20" font-size="14" font-weight="bold">${plot.title}</text>`,
    ...grid,
    ...level,
    ...marks,
    ...labels,
    text({ x: FRAME.left + INNER.width / 2, y: HEIGHT - 10, anchor: "middle" }, plot.xTitle),
    ...legend,
    "</svg>",
    "",
  ].join("\n");
}

function text(
  at: { readonly x: number; readonly y: number; readonly anchor: "start" | "middle" | "end" },
  words: string,
): string {
  return `<text x="${tenth(at.x)}" y="${tenth(at.y)}" text-anchor="${at.anchor}" fill="#222">${words}</text>`;
}

function yOf(rate: number): number {
  return FRAME.top + INNER.height * (1 - rate);
}

function colorOf(index: number): string {
  return COLORS[index % COLORS.length] as string;
}

function tenth(place: number): number {
  return Math.round(place * 10) / 10;
}
