// May a group of the merge queue take over what was measured of its pull request?
//
// The result compared M (where the pull request left its base) with H (its head); the group
// compares B (the base by now, with whatever is queued before) with G. It may, where nothing
// between M and B can affect a benchmark or changes the team's rule, and B to G changes the very files that M to H does, to the
// very same content (git objects). Then both comparisons are of the same code, whether the queue
// merges, squashes or rebases. A list that may be incomplete proves nothing.

import { CONFIG_PATH } from "./config.ts";
import type { ChangedFile } from "./plan.ts";
import { canAffectBenchmarks } from "./reach.ts";

export type ComparedFiles = {
  readonly mergeBaseSha: string;
  readonly changedFiles: readonly (ChangedFile & { readonly blob: string })[];
  readonly truncated: boolean;
};

export type Comparisons = {
  /** M…B, M…H, B…G; each must begin at its first commit. */
  readonly base: ComparedFiles;
  readonly change: ComparedFiles;
  readonly group: ComparedFiles;
  readonly measuredBaseSha: string;
  readonly groupBaseSha: string;
};

export function mayReuse(compared: Comparisons): boolean {
  const { base, change, group, measuredBaseSha, groupBaseSha } = compared;
  if ([base, change, group].some(({ truncated }) => truncated)) return false;
  const isStraight =
    base.mergeBaseSha === measuredBaseSha &&
    change.mergeBaseSha === measuredBaseSha &&
    group.mergeBaseSha === groupBaseSha;
  const isBaseHarmless = !base.changedFiles.some(({ path, previousPath = path }) =>
    [path, previousPath].some((at) => canAffectBenchmarks(at) || at === CONFIG_PATH),
  );
  return isStraight && isBaseHarmless && contentOf(change) === contentOf(group);
}

function contentOf({ changedFiles }: ComparedFiles): string {
  const lines = changedFiles.map(({ path, previousPath, status, blob }) =>
    JSON.stringify([path, previousPath ?? "", status, blob]),
  );
  return lines.sort().join("\n");
}
