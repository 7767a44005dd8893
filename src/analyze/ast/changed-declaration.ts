// The findings about one declaration: what changed in it, and which conversions the change breaks.

import type { DeclarationPair, DeclarationSite } from "../../goast/locate.ts";
import { mapTrees } from "../../goast/map-trees.ts";
import { ownName } from "../../goast/own-name.ts";
import { decodeTree, type Tree, type Words } from "../../goast/tree.ts";
import type { BridgeFinding, DeclarationFinding } from "../source-finding.ts";
import type { Position } from "../subject.ts";
import { classifyChange } from "./classify-change.ts";
import { signatureChanges } from "./classify-signature.ts";
import { type Bridge, bridgesOfNew, brokenBridges } from "./find-bridges.ts";
import type { OtherFunctions } from "./other-functions.ts";
import type { Renumbered } from "./renumbered-constants.ts";

export type DeclarationFindings = readonly (DeclarationFinding | BridgeFinding)[];

/** What all declarations of one comparison share. */
export type Comparison = { readonly words: Words; readonly others: OtherFunctions };

/** A declaration of both sides whose hashes differ. */
export function changedDeclaration(
  pair: DeclarationPair,
  packagePath: string,
  { words, others }: Comparison,
): DeclarationFindings {
  const base = pair.base.declaration;
  const head = pair.head.declaration;
  const files = { base: pair.base.file.path, head: pair.head.file.path };
  const trees = [treeOf(pair.base, words), treeOf(pair.head, words)] as const;
  const mapping = trees[0] && trees[1] && mapTrees(trees[0], trees[1]);
  // A function calls itself; the method that it became is called on something.
  const ofOthers = base.name === head.name ? others : { ...others, self: ownName(head.name) };
  const changes = mapping === undefined ? [] : classifyChange(mapping, files, ofOthers);
  // Types that only have other names are the same signature.
  const isSignature =
    base.signatureHash !== head.signatureHash &&
    (mapping === undefined ||
      signatureChanges(mapping.base, mapping.head, others.names).some(
        ({ group }) => group === "signature",
      ));
  const finding: DeclarationFinding = {
    kind: "declaration",
    package: packagePath,
    function: head.name,
    declaration: head.kind,
    change: isSignature ? "signature" : "changed",
    base: positionOf(pair.base),
    head: positionOf(pair.head),
    ...(base.name === head.name ? {} : { previousName: base.name }),
    ...(changes.length > 0 ? { changes } : {}),
  };
  const bridges = mapping === undefined ? [] : brokenBridges(mapping);
  return [finding, ...bridgeFindings(bridges, pair.head, packagePath)];
}

/** Constants that only have other numbers, under the name of the first. */
export function renumberedFinding(
  { first, text }: Renumbered,
  packagePath: string,
): DeclarationFinding {
  const position = positionOf(first.head);
  return {
    kind: "declaration",
    package: packagePath,
    function: first.head.declaration.name,
    declaration: "const",
    change: "changed",
    base: positionOf(first.base),
    head: position,
    changes: [{ group: "other", direction: "neutral", text, position, side: "head" }],
  };
}

/** A declaration that only head has. */
export function addedDeclaration(
  site: DeclarationSite,
  packagePath: string,
  words: Words,
): DeclarationFindings {
  const tree = treeOf(site, words);
  const bridges = tree === undefined ? [] : bridgesOfNew(tree);
  return [oneSided(site, "added", packagePath), ...bridgeFindings(bridges, site, packagePath)];
}

/** A declaration that only base has. */
export function removedDeclaration(
  site: DeclarationSite,
  packagePath: string,
): DeclarationFindings {
  return [oneSided(site, "removed", packagePath)];
}

/** Undefined where there is none: too large, or of test code. */
function treeOf({ declaration, file }: DeclarationSite, words: Words): Tree | undefined {
  if (declaration.tree === undefined) return undefined;
  return decodeTree(declaration.tree, file.words ?? [], words);
}

function bridgeFindings(
  bridges: readonly Bridge[],
  site: DeclarationSite,
  packagePath: string,
): BridgeFinding[] {
  return bridges.map(({ problem, text, line }) => ({
    kind: "bridge",
    package: packagePath,
    function: site.declaration.name,
    problem,
    text,
    position: { file: site.file.path, line: Math.max(1, line) },
  }));
}

function oneSided(
  site: DeclarationSite,
  change: "added" | "removed",
  packagePath: string,
): DeclarationFinding {
  return {
    kind: "declaration",
    package: packagePath,
    function: site.declaration.name,
    declaration: site.declaration.kind,
    change,
    ...(change === "added" ? { head: positionOf(site) } : { base: positionOf(site) }),
  };
}

function positionOf(site: DeclarationSite): Position {
  return { file: site.file.path, line: site.declaration.startLine };
}
