/** "skip" of "(*Parser).skip", and of a call's "p.skip". */
export function ownName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
