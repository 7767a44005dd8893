// What is wrong with a profile, thrown from where it is found and caught once in decode.ts, which
// makes an outcome of it.

export class Damage extends Error {}

/** Nothing is wrong but that its stacks are more than a limit. */
export class TooManyFrames extends Damage {}

export function damage(problem: string): never {
  throw new Damage(problem);
}
