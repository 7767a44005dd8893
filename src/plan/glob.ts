// Patterns with stars: which benchmarks, packages and files does a line of the configuration mean?
//
// `*` is any run of characters without a slash, `**` any run, `?` one character; everything else
// stands for itself. A pattern is run as a set of positions that advances character by character,
// so the time is at most pattern times text whatever either holds. Translating into a regular
// expression, as glob libraries do, was rejected: `*a*a*a*a*b` from a pull request would then hang
// the server (backtracking), and brackets and braces would mean something nobody asked for.

/** Whether the whole of `text` fits `pattern`. */
export function matchesGlob(pattern: string, text: string): boolean {
  const steps = stepsOf(pattern);
  let places = new Set([0]);
  skipStars(places, steps);
  for (const character of text) {
    const next = new Set<number>();
    for (const place of places) {
      const step = steps[place];
      if (step === undefined) continue;
      if (step.kind === "any" || (step.kind === "run" && character !== "/")) next.add(place);
      else if (step.kind === "one" ? character !== "/" : step.character === character) {
        next.add(place + 1);
      }
    }
    if (next.size === 0) return false;
    skipStars(next, steps);
    places = next;
  }
  return places.has(steps.length);
}

type Step = {
  readonly kind: "any" | "run" | "one" | "itself";
  readonly character: string;
};

function stepsOf(pattern: string): Step[] {
  const steps: Step[] = [];
  for (const character of pattern.replace(/\*\*+/g, "\u0000")) {
    if (character === "\u0000") steps.push({ kind: "any", character });
    else if (character === "*") steps.push({ kind: "run", character });
    else steps.push({ kind: character === "?" ? "one" : "itself", character });
  }
  return steps;
}

/** A star may also stand for nothing. */
function skipStars(places: Set<number>, steps: readonly Step[]): void {
  for (const place of places) {
    const kind = steps[place]?.kind;
    if (kind === "any" || kind === "run") places.add(place + 1);
  }
}

/**
 * Whether a benchmark is meant, with or without "Benchmark" in front on either side. A pattern
 * means its sub-benchmarks too, as `go test -bench` does: `Parse` is also `Parse/large`.
 */
export function matchesBenchmark(pattern: string, name: string): boolean {
  const wanted = pattern.split("/");
  return [name, bare(name)].some((spelling) => {
    const elements = spelling.split("/");
    return (
      wanted.length <= elements.length &&
      wanted.every((element, at) => matchesGlob(element, elements[at] ?? ""))
    );
  });
}

/** "Parse/large" of "BenchmarkParse/large": how benchstat and our reports name it. */
function bare(name: string): string {
  return name.replace(/^Benchmark(?=[^a-z])/, "");
}

/**
 * Whether a package is meant: by its import path or the end of it, so `parser` is
 * example.com/m/parser. `parser/...` means the packages below as well, as for `go list`.
 */
export function matchesPackage(pattern: string, importPath: string): boolean {
  const wanted = pattern.replace(/^\.\//, "");
  const patterns = wanted.endsWith("/...")
    ? [wanted.slice(0, -"/...".length), `${wanted.slice(0, -"...".length)}**`]
    : [wanted];
  const elements = importPath.split("/");
  return elements.some((_, from) =>
    patterns.some((one) => matchesGlob(one, elements.slice(from).join("/"))),
  );
}

/**
 * Whether a file is meant by a list of patterns, read as the path filters of GitHub's workflows:
 * the last pattern that fits decides, and one with `!` in front takes out. A list that begins with
 * such a one starts from all files.
 */
export function matchesPath(patterns: readonly string[], path: string): boolean {
  let isMeant = patterns[0]?.startsWith("!") ?? true;
  for (const pattern of patterns) {
    const isOut = pattern.startsWith("!");
    if (matchesGlob(isOut ? pattern.slice(1) : pattern, path)) isMeant = !isOut;
  }
  return isMeant;
}
