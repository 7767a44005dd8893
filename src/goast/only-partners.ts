/** What has one partner only, by what it is; a pair that is told again is the same pair. */
export function onlyPartners(
  pairs: readonly (readonly [from: string, to: string])[],
): ReadonlyMap<string, string> {
  const partners = new Map<string, string>();
  const spoilt = new Set<string>();
  for (const [from, to] of pairs) {
    if ((partners.get(from) ?? to) !== to) spoilt.add(from);
    partners.set(from, to);
  }
  return new Map([...partners].filter(([from]) => !spoilt.has(from)));
}
