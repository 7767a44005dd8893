// A screenshot with a palette: text on paper needs few colors, and one byte a pixel instead of four
// makes a quarter of the file. Chromium reads the screenshot, which spares a decoder, and Node's
// zlib packs it; image libraries were rejected because each brings a native binary for this alone.
// The format: PNG (third edition), 11.2.1 IHDR, 11.2.2 PLTE, 11.2.3 IDAT.
import { constants, crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";

/** As many as a byte names: with half as many, what is rare takes the color of something else. */
const COLORS = 256;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

type Indexed = {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue, a byte each. */
  readonly palette: readonly number[];
  /** A byte a pixel, in base64. */
  readonly pixels: string;
};

/** The same picture in at most 256 colors: the commonest, and for the others the nearest of them. */
export async function palettePng(page: Page, screenshot: Uint8Array): Promise<Uint8Array> {
  const base64 = Buffer.from(screenshot).toString("base64");
  const { width, height, palette, pixels } = await page.evaluate<Indexed>(
    `(${indexColors})("${base64}", ${COLORS})`,
  );
  const rows = Buffer.alloc((width + 1) * height);
  const indices = Buffer.from(pixels, "base64");
  // Each row begins with its filter; 0 is none, which suits a palette.
  for (let y = 0; y < height; y++)
    indices.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const packed = deflateSync(rows, { level: constants.Z_BEST_COMPRESSION, memLevel: 9 });
  const end = chunk("IEND", Buffer.alloc(0));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette)),
    chunk("IDAT", packed),
    end,
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Runs in the page, as text: a compiler's own additions would be unknown there. */
const indexColors = `async (base64, most) => {
  const blob = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]);
  const image = await createImageBitmap(blob);
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const colors = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const common = [...counts].sort((one, other) => other[1] - one[1]).slice(0, most);
  const parts = (color) => [color & 255, (color >> 8) & 255, (color >> 16) & 255];
  const chosen = common.map(([color]) => parts(color));
  const index = new Map();
  for (const color of counts.keys()) {
    const [r, g, b] = parts(color);
    const distances = chosen.map(([x, y, z]) => (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2);
    index.set(color, distances.indexOf(Math.min(...distances)));
  }
  const pixels = Uint8Array.from(colors, (color) => index.get(color));
  let text = "";
  for (let at = 0; at < pixels.length; at += 32768) {
    text += String.fromCharCode(...pixels.subarray(at, at + 32768));
  }
  return { width, height, palette: chosen.flat(), pixels: btoa(text) };
}`;
