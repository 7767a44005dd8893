// The name of a benchmark: where its parts end, and the -test.bench pattern that runs it alone.
//
// A printed name ends in "-N" when GOMAXPROCS is N and not 1. Names may end in such a number by
// themselves ("/size-2"), so the suffix is taken off once and only when N is known; golang/perf
// has to guess.

/** A name without the GOMAXPROCS suffix: "BenchmarkX/a-2-2" at 2 gives "BenchmarkX/a-2". */
export function withoutGomaxprocs(printedName: string, gomaxprocs: number): string {
  const suffix = `-${gomaxprocs}`;
  return gomaxprocs !== 1 && printedName.endsWith(suffix)
    ? printedName.slice(0, -suffix.length)
    : printedName;
}

/** The function's name and one element per b.Run level; a "/" inside a sub-name splits it too. */
export function nameElements(name: string): readonly string[] {
  return name.split("/");
}

/**
 * The -test.bench value that runs this leaf and no other: "^BenchmarkParse$/^large$". `name` has
 * no GOMAXPROCS suffix. Package testing splits the pattern at "/" outside brackets and matches
 * element by element, so each is quoted by itself; a quoted "|" does not split it. A sibling whose
 * own name goes on with a "/" (b.Run("large/x")) still runs along: testing takes a pattern for the
 * start of a path and has no way to end it, so callers also pick the result by its name.
 */
export function exactPattern(name: string): string {
  return nameElements(name)
    .map((element) => `^${quoteForGo(element)}$`)
    .join("/");
}

/** As regexp.QuoteMeta: a pattern of Go's RE2 that matches the text itself. */
function quoteForGo(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
