// Which tests share an error budget: on a pull request that changes nothing, the chance that any
// time or count of any benchmark is called changed stays below 5 %, however many there are.
//
// Three families share the 5 %. All views of typical time are one, because they move together and
// Benjamini-Hochberg asks no more of four that agree than of one; the tail has its own, or many
// quiet medians would drown it; counts that pools make differ have little noise and get little.
// Exact comparisons have no error to spend and belong to none.

export type Family = "typical" | "tail" | "memory";

/** The chance of a false alarm that each family may spend on a pull request; 5 % together. */
export type FamilyAlpha = Readonly<Record<Family, number>>;

export const DEFAULT_FAMILY_ALPHA: FamilyAlpha = { typical: 0.02, tail: 0.02, memory: 0.01 };

/** The family of a metric; one that is not known here is a view of typical time. */
export function familyOf(metric: string): Family {
  if (/^p9\d[\d.]*-/.test(metric)) return "tail";
  return metric.endsWith("sec/op") ? "typical" : "memory";
}
