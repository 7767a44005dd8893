// Sentences of `-m=2` that are known and say nothing that is compared: explanations of what another
// sentence says, and what was optimized away. What is neither here nor read by
// parse-optimizations.ts is in a format that this version does not know, and analyze-compiler.ts
// says so: a future Go must degrade the answer and not thin it out.
//
// Collected from Go's own tree and three public modules with Go 1.22 to 1.27.

const PASSED_OVER: readonly RegExp[] = [
  // Explanations follow, indented: "x escapes to heap in f:", "parameter p leaks to {heap} for f with…".
  / escapes to heap(?: in .+)?:$/,
  /^parameter .+ leaks to /,
  // Bodies for a shape of type arguments come and go with the types that a test uses.
  /go\.shape\./,
  /^(?:can inline|cannot inline|inlining call to) .*\[/,
  /^(?:index|slice) bounds check elided$/,
  /^zero-copy (?:string->\[\]byte|\[\]byte->string) conversion$/,
  / ignoring self-assignment(?: in .+)?$/,
  /^(?:PGO )?devirtualizing /,
];

/** @param message a sentence without its position. */
export function isPassedOver(message: string): boolean {
  return PASSED_OVER.some((pattern) => pattern.test(message));
}
