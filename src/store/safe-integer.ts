/**
 * An int8 as a number. Drivers disagree (pg gives a string, PGlite a number or a bigint), and ours
 * are GitHub's ids and counts, far below 2^53. Throws RangeError above it, never rounds.
 */
export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} is not a safe integer`);
  return value;
}
