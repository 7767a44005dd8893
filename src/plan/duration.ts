// Durations as people write them after Go's notation: "90s", "5m", "1h30m". Each border keeps its
// own pattern and bounds; the conversion is here once.

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds of a text that is nothing but amounts and units s, m or h. */
export function durationSeconds(text: string): number {
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)) {
    seconds += Number(amount) * (SECONDS[unit ?? "s"] ?? 1);
  }
  return seconds;
}
