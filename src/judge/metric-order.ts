// The order in which people ask: is it slower, is its tail, does it allocate more? What is slower
// has a slower tail too, and less certainly so: the typical time speaks first. The mean is only shown.

const ASKED_FIRST = ["p10-sec/op", "p99-sec/op", "allocs/op", "cpu-sec/op", "B/op"];

/** Place of a metric in that order, from 0; metrics that are only shown share the last one. */
export function metricRank(metric: string): number {
  const at = ASKED_FIRST.indexOf(metric);
  return at < 0 ? ASKED_FIRST.length : at;
}

/** Larger changes first; from 0 everything is infinitely larger, and equal. */
export function bySizeDescending(one: number, other: number): number {
  const [a, b] = [Math.abs(one), Math.abs(other)];
  return a === b ? 0 : b > a ? 1 : -1;
}
