// The linker's names of symbols: how a package's path is spelled in them, and how a chain of them
// reads for a person.

/**
 * The path of a package as symbols spell it: dots after the last slash, blanks, quotes, percent
 * signs and all that is not ASCII become %xx (PathToPrefix, cmd/internal/objabi/path.go).
 */
export function symbolPrefix(importPath: string): string {
  const slash = importPath.lastIndexOf("/");
  let prefix = "";
  for (const [at, byte] of Buffer.from(importPath, "utf8").entries()) {
    const character = String.fromCharCode(byte);
    const isEscaped =
      byte <= 0x20 ||
      byte >= 0x7f ||
      character === "%" ||
      character === '"' ||
      (character === "." && at > slash);
    prefix += isEscaped ? `%${byte.toString(16).padStart(2, "0")}` : character;
  }
  return prefix;
}

/** Longest chain that a person reads: both ends matter, the middle less. */
const MOST_STEPS = 7;

/** "BenchmarkParse → (*Parser).Parse → skipWS": without the paths of packages, and without the
 * name of the package that is `at` home. */
export function describePath(names: readonly string[], at: string): string {
  const home = symbolPrefix(at);
  const steps: string[] = [];
  for (const name of names) {
    const step = describeSymbol(name, home);
    if (steps.at(-1) !== step) steps.push(step);
  }
  if (steps.length > MOST_STEPS) {
    steps.splice(3, steps.length - MOST_STEPS + 1, "…");
  }
  return steps.join(" → ");
}

/** Longest name shown: instantiations of generic functions spell out all their types. */
const MOST_CHARS = 100;

function describeSymbol(name: string, home: string): string {
  const what = name.startsWith("go:itab.")
    ? name.slice("go:itab.".length).replace(/,(?=[^,\]]*$)/, " as ")
    : /\.\.(stmp_|gobytes\.)\d+$/.test(name)
      ? name.replace(/\.\.\w+(\.\d+)?$/, " (static value)")
      : name
          .replace(/^type:(?!\.)/, "type ")
          .replace(/·f$/, "")
          .replace(/\.\.inittask$/, ".init");
  const short = withoutPaths(what.replaceAll(`${home}.`, "").replaceAll(`${home}_test.`, ""));
  return short.length > MOST_CHARS ? `${short.slice(0, MOST_CHARS)}…` : short;
}

/** "example.com/m/parse.(*P).Next" → "parse.(*P).Next", also inside brackets. */
function withoutPaths(name: string): string {
  return name.replace(/[^\s,*[\](){}"]*\//g, "").replaceAll("%2e", ".");
}
