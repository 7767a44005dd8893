// Which benchmarks a configuration lets be measured: functions before anything is run, their
// sub-benchmarks once these are known.
import { matchesBenchmark } from "./glob.ts";
import type { Plan } from "./plan.ts";

type Filter = Plan["benchmarks"];

/** Whether a benchmark of this full name may be measured. */
export function isSelected(filter: Filter, name: string): boolean {
  const fits = (pattern: string) => matchesBenchmark(pattern, name);
  return (filter?.include?.some(fits) ?? true) && !(filter?.exclude?.some(fits) ?? false);
}

/** Whether the function or any sub-benchmark it may have can be selected. */
export function maySelect(filter: Filter, functionName: string): boolean {
  const heads = filter?.include?.map((pattern) => pattern.split("/")[0] ?? "");
  const isIncluded = heads?.some((head) => matchesBenchmark(head, functionName)) ?? true;
  const isExcluded =
    filter?.exclude?.some((pattern) => matchesBenchmark(pattern, functionName)) ?? false;
  return isIncluded && !isExcluded;
}
