// Which lines of base and head are the same, by what was counted on them?
//
// Numbers of lines shift when others are inserted above, but the order stays. So both lists are
// aligned like two texts (edit distance, Wagner and Fischer 1974): one that has no partner costs its
// value, two that are taken for the same cost 1.5 times their difference. With 1 times, an inserted
// line would cost as much as one that grew by it; with 1.5, one that grew fivefold is a new one.

export type LineValue = { readonly line: number; readonly value: number };

/** The line of head that gained most, or of base where none gained; lists by ascending line. */
export function mostGained(
  base: readonly LineValue[],
  head: readonly LineValue[],
): { readonly side: "base" | "head"; readonly line: number } | undefined {
  let most: { side: "base" | "head"; line: number; change: number } | undefined;
  const offer = (side: "base" | "head", line: number, change: number) => {
    if (change > 0 && (most === undefined || change > most.change)) most = { side, line, change };
  };
  const pairs = align(base, head);
  for (const [inBase, inHead] of pairs) {
    if (inHead !== undefined) offer("head", inHead.line, inHead.value - (inBase?.value ?? 0));
  }
  if (most === undefined) {
    for (const [inBase, inHead] of pairs) {
      if (inBase !== undefined) offer("base", inBase.line, inBase.value - (inHead?.value ?? 0));
    }
  }
  return most === undefined ? undefined : { side: most.side, line: most.line };
}

type Pair = readonly [LineValue | undefined, LineValue | undefined];

const DIFFERENCE_COST = 1.5;
/** A function of a thousand allocating lines would take a million steps; none has. */
const LINES_MAX = 300;

function align(allBase: readonly LineValue[], allHead: readonly LineValue[]): Pair[] {
  const [base, head] = [allBase.slice(0, LINES_MAX), allHead.slice(0, LINES_MAX)];
  const width = head.length + 1;
  const cost = new Float64Array((base.length + 1) * width);
  const at = (i: number, j: number) => cost[i * width + j] as number;
  const countOn = (lines: readonly LineValue[], index: number) => lines[index]?.value ?? 0;
  for (let i = 0; i <= base.length; i++) {
    for (let j = 0; j <= head.length; j++) {
      if (i === 0 && j === 0) continue;
      const [b, h] = [countOn(base, i - 1), countOn(head, j - 1)];
      cost[i * width + j] = Math.min(
        i > 0 ? at(i - 1, j) + b : Number.POSITIVE_INFINITY,
        j > 0 ? at(i, j - 1) + h : Number.POSITIVE_INFINITY,
        i > 0 && j > 0 ? at(i - 1, j - 1) + differenceCost(b, h) : Number.POSITIVE_INFINITY,
      );
    }
  }
  const pairs: Pair[] = [];
  for (let i = base.length, j = head.length; i > 0 || j > 0; ) {
    const [b, h] = [countOn(base, i - 1), countOn(head, j - 1)];
    if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + differenceCost(b, h)) {
      pairs.push([base[--i], head[--j]]);
    } else if (j > 0 && at(i, j) === at(i, j - 1) + h) {
      pairs.push([undefined, head[--j]]);
    } else {
      pairs.push([base[--i], undefined]);
    }
  }
  return pairs;
}

function differenceCost(base: number, head: number): number {
  return DIFFERENCE_COST * Math.abs(head - base);
}
