// Narrows a -bench pattern to one benchmark function, as package testing would match it.
//
// testing splits a pattern at "|" and then at "/", both outside brackets, and matches the elements
// level by level (testing/match.go, splitRegexp). A process per function needs the alternatives
// whose first element matches that function's name, with the first element replaced by the name.
import { maySelect } from "../plan/benchmark-filter.ts";
import type { Plan } from "../plan/plan.ts";

/** The -test.bench pattern for one function; undefined when the pattern cannot match it. */
export function alternativesFor(benchPattern: string, functionName: string): string | undefined {
  const kept: string[] = [];
  for (const alternative of splitOutsideBrackets(benchPattern, "|")) {
    const [first = "", ...rest] = splitOutsideBrackets(alternative, "/");
    if (matchesGo(first, functionName)) kept.push([`^${functionName}$`, ...rest].join("/"));
  }
  if (kept.length === 0) return undefined;
  return [...new Set(kept)].join("|");
}

/** Whether the plan asks for the function, or for any sub-benchmark it may have. */
export function isWanted(
  { benchPattern, benchmarks }: Pick<Plan, "benchPattern" | "benchmarks">,
  functionName: string,
): boolean {
  return (
    alternativesFor(benchPattern, functionName) !== undefined && maySelect(benchmarks, functionName)
  );
}

/** Whether `pattern` is one that go test would take; the reason when it is not. */
export function checkBenchPattern(pattern: string): string | undefined {
  for (const alternative of splitOutsideBrackets(pattern, "|")) {
    for (const element of splitOutsideBrackets(alternative, "/")) {
      try {
        compileGo(element);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
  }
  return undefined;
}

function splitOutsideBrackets(pattern: string, separator: "|" | "/"): string[] {
  const parts: string[] = [];
  let [squares, rounds, start] = [0, 0, 0];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === "\\") at++;
    else if (character === "[") squares++;
    else if (character === "]") squares = Math.max(0, squares - 1);
    else if (character === "(" && squares === 0) rounds++;
    else if (character === ")" && squares === 0) rounds--;
    else if (character === separator && squares === 0 && rounds === 0) {
      parts.push(pattern.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(pattern.slice(start));
  return parts;
}

/** Function names are plain identifiers, where RE2 and JavaScript's expressions mean the same;
 * Go's leading flag group "(?i)" is the one common form JavaScript lacks. */
function compileGo(element: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(element);
  if (flags === null) return new RegExp(element, "u");
  return new RegExp(element.slice(flags[0].length), `u${flags[1]}`);
}

function matchesGo(element: string, name: string): boolean {
  return compileGo(element).test(name);
}
