// Which benchmarks deserve the first look, where there is no time for all? Those that call functions
// which differ, or differ themselves because such a function was inlined into them. A relation to the
// change that only a table of methods gives is weaker.
import type { BuiltPackage } from "./build-packages.ts";
import { functionOf } from "./keep-controls.ts";
import type { Measurable } from "./track.ts";

/** 0 where changed functions are called, 1 where they may be, 2 where nothing is known of it. */
export function lookRank(
  { package: importPath, name }: Pick<Measurable, "package" | "name">,
  built: readonly Pick<BuiltPackage, "head" | "affected">[],
): number {
  const at = built.find(({ head }) => head.importPath === importPath);
  const reached = at?.affected.reached.get(functionOf(name));
  if (reached === undefined) return 2;
  return reached.called.length > 0 ? 0 : 1;
}
