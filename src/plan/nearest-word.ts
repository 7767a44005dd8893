// The known word that a misspelt one most likely means, for "did you mean".
//
// Optimal string alignment distance (one edit is an insertion, a deletion, a substitution or the
// swap of two neighbors), because swaps are a third of what people mistype. A word that begins
// another counts as near whatever the distance: `bench` means `benchmarks`.

/** Longer ones are no misspelling of ours; it also bounds the work on a hostile word. */
const LONGEST_WORD = 60;

/** The nearest of `known`, the first one listed where two are equally near; undefined when none is. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (word === "" || word.length > LONGEST_WORD) return undefined;
  const asked = word.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(asked.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(asked, candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  const isBeginning = (candidate: string) =>
    asked.length >= 3 && candidate.toLowerCase().startsWith(asked);
  return nearest ?? known.find(isBeginning);
}

/** `; did you mean "thresholds"?`, or nothing where no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

function distanceOf(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap && !isSame) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[other.length] ?? one.length;
}
