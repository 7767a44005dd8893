// Result lines that a benchmark's own output tore.
//
// A benchmark that prints without a line break before it returns has its result behind its own
// words: "loading table... BenchmarkParse-2 \t 100\t 99 ns/op". Go's tools lose such results; here
// the words in front are taken off. What a benchmark prints on purpose in the form of a result
// cannot be told from one, here or there.
import { MAX_LINE_LENGTH } from "../bench/limits.ts";

/** As testing prints it: name and padding, tab, iterations, tab, values (BenchmarkResult.String). */
const RESULT = /^Benchmark\S* *\t *\d+\t/;
/** More beginnings of "Benchmark" in one line are no accident. */
const MOST_TRIES = 20;

/** The text with torn result lines mended; all other lines as they are. */
export function untearLines(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.length <= MAX_LINE_LENGTH ? untear(line) : line))
    .join("\n");
}

function untear(line: string): string {
  for (let at = line.indexOf("Benchmark"), tries = 0; at >= 0 && tries < MOST_TRIES; tries++) {
    const rest = line.slice(at);
    if (RESULT.test(rest)) return rest;
    at = line.indexOf("Benchmark", at + 1);
  }
  return line;
}
