// The words of the gate's own rules: what each means, what kind of value it has, and how it is read
// from the facts. docs/configuration.md shows this very table (script/config-schema.ts).
//
// Values have kinds, so that a comparison that means nothing is an error and not a rule that never
// holds: a change is a fraction, a time is in seconds, a size in bytes, a count is a plain number.
import { matchesBenchmark, matchesGlob, matchesPackage } from "../plan/glob.ts";
import { METRIC_WORDS, type MetricFacts, type MetricWord, type RuleFacts } from "./rule-facts.ts";

export type Kind =
  | "condition"
  | "change"
  | "time"
  | "size"
  | "number"
  | "benchmark"
  | "package"
  | "metric"
  | "text";

export type Value = number | boolean | string;

/** "run": the same for the whole run; "benchmark": asked of each regressed metric. */
export type Scope = "run" | "benchmark";

export type Word = {
  readonly kind: Kind;
  readonly scope: Scope;
  readonly meaning: string;
  readonly value: (facts: RuleFacts) => Value;
};

/** A metric that was not measured in this benchmark has no value, and no comparison with it holds. */
const NOTHING: MetricFacts = {
  change: 0,
  low: 0,
  high: 0,
  base: Number.NaN,
  head: Number.NaN,
  exact: false,
  certain: false,
  confirmed: false,
  proven: false,
};

const METRIC_MEANINGS: Readonly<Record<MetricWord, string>> = {
  p10: "typical time: change of `p10-sec/op`",
  p50: "median time: change of `p50-sec/op`",
  p99: "tail: change of `p99-sec/op`",
  cpu: "CPU time: change of `cpu-sec/op`",
  mean: "mean time: change of `sec/op`",
  bytes: "allocated bytes: change of `B/op`",
  allocs: "allocations: change of `allocs/op`",
};

const SIZES: Readonly<Record<MetricWord, Kind>> = {
  p10: "time",
  p50: "time",
  p99: "time",
  cpu: "time",
  mean: "time",
  bytes: "size",
  allocs: "number",
};

function factsOf(word: MetricWord, facts: RuleFacts): MetricFacts {
  return facts.metrics.get(word) ?? NOTHING;
}

function ofBenchmark(kind: Kind, meaning: string, value: Word["value"]): Word {
  return { kind, scope: "benchmark", meaning, value };
}

function ofRun(kind: Kind, meaning: string, value: Word["value"]): Word {
  return { kind, scope: "run", meaning, value };
}

function metricWord(word: MetricWord): readonly [string, Word] {
  const value: Word["value"] = (facts) => factsOf(word, facts).change;
  return [word, ofBenchmark("change", METRIC_MEANINGS[word], value)];
}

const PROVEN =
  "exact, or certain and with a second key: confirmed, something that needs no clock says the same, or profiles show most of it in edited code";

/** Words that stand alone. */
export const WORDS: ReadonlyMap<string, Word> = new Map<string, Word>([
  ...(Object.keys(METRIC_WORDS) as MetricWord[]).map(metricWord),
  ...Object.entries({
    change: ofBenchmark("change", "change of the metric asked about", (at) => asked(at).change),
    low: ofBenchmark("change", "lower end of its interval", (at) => asked(at).low),
    high: ofBenchmark("change", "upper end of its interval", (at) => asked(at).high),
    proven: ofBenchmark("condition", PROVEN, (at) => asked(at).proven),
    certain: ofBenchmark(
      "condition",
      "beyond 1 %, with less than a 5 % chance that any of the run's metrics is wrongly called so",
      (at) => asked(at).certain,
    ),
    confirmed: ofBenchmark(
      "condition",
      "fresh processes showed the same change",
      (at) => asked(at).confirmed,
    ),
    exact: ofBenchmark(
      "condition",
      "every run of a side gave the same number",
      (at) => asked(at).exact,
    ),
    metric: ofBenchmark("metric", "its name: `p10`, `allocs`, …", (at) => at.metric),
    name: ofBenchmark("benchmark", "the benchmark, such as `Parse/large`", (at) => at.name),
    package: ofBenchmark(
      "package",
      "its package: the import path or the end of it",
      (at) => at.package,
    ),
    cell: ofBenchmark(
      "text",
      "toolchain and environment, as the report names them",
      (at) => at.cell,
    ),
    degraded: ofRun(
      "condition",
      "a strategy could not work, or only in part",
      ({ run }) => run.degraded.size > 0,
    ),
    measured: ofRun("number", "benchmarks that were measured", ({ run }) => run.measured),
    regressed: ofRun("number", "benchmarks with a regression", ({ run }) => run.regressed),
    unknown: ofRun("number", "benchmarks where it cannot be told", ({ run }) => run.unknown),
    failed: ofRun("number", "benchmarks that failed while running", ({ run }) => run.failed),
    unmeasured: ofRun(
      "number",
      "benchmarks for which there was no time",
      ({ run }) => run.unmeasured,
    ),
  }),
]);

function asked(facts: RuleFacts): MetricFacts {
  return factsOf(facts.metric, facts);
}

/** Parts of a metric's name: `p99.head`. */
const PARTS: Readonly<Record<string, { readonly kind?: Kind; readonly meaning: string }>> = {
  base: { meaning: "its value on base: a time, a size in bytes, or a count" },
  head: { meaning: "its value on head" },
  low: { kind: "change", meaning: "lower end of the interval of its change" },
  high: { kind: "change", meaning: "upper end of the interval of its change" },
  proven: { kind: "condition", meaning: "as the word alone, of this metric" },
  certain: { kind: "condition", meaning: "as the word alone, of this metric" },
  confirmed: { kind: "condition", meaning: "as the word alone, of this metric" },
  exact: { kind: "condition", meaning: "as the word alone, of this metric" },
};

/** Parts of `degraded`. */
const STRATEGIES = ["ast", "compiler", "profile", "latency"];

/** Which words have parts, and what these mean, for the table in the documentation. */
export const PART_MEANINGS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(PARTS).map(([part, { meaning }]) => [`METRIC.${part}`, meaning] as const),
  ...STRATEGIES.map((at) => [`degraded.${at}`, `the strategy ${at} could not work`] as const),
]);

/** The parts that a word has; none for most. */
export function partsOf(word: string): readonly string[] {
  if (word === "degraded") return STRATEGIES;
  return Object.hasOwn(METRIC_WORDS, word) ? Object.keys(PARTS) : [];
}

/** A part of a word, one of `partsOf`. */
export function partOf(word: string, part: string): Word {
  if (word === "degraded") {
    return ofRun("condition", "", ({ run }) => run.degraded.has(part));
  }
  const metric = word as MetricWord;
  const kind = PARTS[part]?.kind ?? SIZES[metric];
  return ofBenchmark(kind, "", (facts) => factsOf(metric, facts)[part as keyof MetricFacts]);
}

/** Units behind a number: seconds, bytes, fractions. */
export const UNITS: ReadonlyMap<string, { readonly kind: Kind; readonly factor: number }> = new Map(
  [
    ["%", { kind: "change", factor: 0.01 }],
    ["ns", { kind: "time", factor: 1e-9 }],
    ["us", { kind: "time", factor: 1e-6 }],
    ["ms", { kind: "time", factor: 1e-3 }],
    ["s", { kind: "time", factor: 1 }],
    ["B", { kind: "size", factor: 1 }],
    ["KiB", { kind: "size", factor: 1024 }],
    ["MiB", { kind: "size", factor: 1024 ** 2 }],
  ],
);

/** How texts of each kind are compared with a text or pattern of the rule; others are not texts. */
export const TEXT_MATCHERS: Readonly<
  Partial<Record<Kind, (pattern: string, value: string) => boolean>>
> = {
  benchmark: matchesBenchmark,
  package: matchesPackage,
  metric: (word, value) => word === value,
  text: matchesGlob,
};
