// Which benchmarks deserve the first look, where there is no time for all? Those that call functions
// which differ. A relation to the change that only a table of methods gives is weaker, and one that
// differs itself compares other work.
import type { BuiltPackage } from "./build-packages.ts";
import { functionOf } from "./keep-controls.ts";
import type { Measurable } from "./track.ts";

/** 0 where changed functions are called, 1 where they may be, 2 where nothing is known of it. */
export function lookRank(
  { package: importPath, name }: Pick<Measurable, "package" | "name">,
  built: readonly Pick<BuiltPackage, "head" | "affected">[],
): number {
  const own = functionOf(name);
  const at = built.find(({ head }) => head.importPath === importPath);
  const reached = at?.affected.reached.get(own);
  const names = [`${importPath}.${own}`, `${importPath}_test.${own}`];
  if (reached === undefined || names.some((self) => reached.called.includes(self))) return 2;
  return reached.called.length > 0 ? 0 : 1;
}
