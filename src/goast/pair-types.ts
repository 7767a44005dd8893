// Which type that is gone is which one that is new: the one that its methods went to. Fields change
// their types and names on the way, so that what a type is made of says less than what it does. And
// back: the methods of a type with another name are those of the type that it was.
import { directoryOf } from "./directory.ts";
import type { DeclarationPair, DeclarationSite, Unpaired } from "./locate.ts";
import { onlyPartners } from "./only-partners.ts";
import { ownName } from "./own-name.ts";

/** Pairs of types among those without a partner. */
export function pairTypes(
  left: Unpaired,
  functions: readonly DeclarationPair[],
): DeclarationPair[] {
  const gone = typesByKey(left.base);
  const came = typesByKey(left.head);
  if (gone.size === 0 || came.size === 0) return [];
  const receivers = functions.flatMap((pair) => {
    const [from, to] = [receiverOf(pair.base), receiverOf(pair.head)];
    return from !== undefined && to !== undefined ? [[from, to] as const] : [];
  });
  const there = onlyPartners(receivers);
  const back = onlyPartners(receivers.map(([from, to]) => [to, from] as const));
  return [...gone].flatMap(([key, site]) => {
    const partner = there.get(key);
    const other = partner === undefined ? undefined : came.get(partner);
    return other !== undefined && partner !== undefined && back.get(partner) === key
      ? [{ base: site, head: other }]
      : [];
  });
}

function typesByKey(sites: readonly DeclarationSite[]): ReadonlyMap<string, DeclarationSite> {
  const types = sites.filter(({ declaration }) => declaration.kind === "type");
  return new Map(types.map((site) => [keyOf(site, site.declaration.name), site]));
}

function keyOf({ file }: DeclarationSite, typeName: string): string {
  return [directoryOf(file.path), file.package, typeName].join("\0");
}

/** Pairs of methods without a partner, exported or not, of types that have other names. */
export function pairMethodsOfTypes(
  left: Unpaired,
  pairs: readonly DeclarationPair[],
): DeclarationPair[] {
  const types = new Map(
    pairs
      .filter(({ head }) => head.declaration.kind === "type")
      .map(({ base, head }) => [
        keyOf(base, base.declaration.name),
        keyOf(head, head.declaration.name),
      ]),
  );
  const keyed = (site: DeclarationSite, type: string | undefined) => {
    const { name } = site.declaration;
    return type && `${type}\0${ownName(name).toLowerCase()}`;
  };
  const came = new Map(left.head.map((site) => [keyed(site, receiverOf(site)), site]));
  came.delete(undefined);
  return left.base.flatMap((site) => {
    const key = keyed(site, types.get(receiverOf(site) ?? ""));
    const partner = came.get(key);
    came.delete(key);
    return partner === undefined ? [] : [{ base: site, head: partner }];
  });
}

/** The type that "(*Parser).skip" and "Parser.skip" are methods of. */
function receiverOf(site: DeclarationSite): string | undefined {
  const type = /^(?:\(\*(.+)\)|(.+))\.[^.]+$/.exec(site.declaration.name);
  const name = type?.[1] ?? type?.[2];
  return name === undefined || site.declaration.kind !== "func" ? undefined : keyOf(site, name);
}
