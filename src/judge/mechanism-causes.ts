// What went along with a change of time, as a cause: the mechanism that the runtime's own numbers
// name (analyze/context). It says how the time was lost, not which code lost it, so it stands after
// the functions that changed, and in place of "unexplained" where there is none.
import type { ContextFinding, ContextReading, Finding, Mechanism } from "../analyze/finding.ts";
import { percent } from "./cause-text.ts";
import type { BenchmarkVerdict, Cause, CauseKind, JudgedMetric } from "./verdict.ts";

type Words = {
  readonly kind: Extract<CauseKind, "gc" | "lock" | "scheduler" | "code">;
  /** What head does where times rose, and where they fell; each is followed by " in `BenchmarkX`". */
  readonly more: string;
  readonly less: string;
};

/** Of pure computing nothing is said: that is what a change is taken for without other signs. */
const WORDS: Readonly<Record<Exclude<Mechanism, "compute">, Words>> = {
  allocation: {
    kind: "gc",
    more: "More garbage: the collector runs more, beside the program",
    less: "Less garbage: the collector runs less",
  },
  assist: {
    kind: "gc",
    more: "More garbage than the collector keeps up with: goroutines that allocate must help it mark",
    less: "Less garbage: goroutines that allocate no longer have to help the collector",
  },
  "frequent-collections": {
    kind: "gc",
    more: "Collections start more often for the same garbage, as with a smaller GOGC, memory limit or heap",
    less: "Collections start less often for the same garbage",
  },
  "forced-collections": {
    kind: "gc",
    more: "The program asks for collections: `runtime.GC` or `debug.FreeOSMemory` is called more",
    less: "The program asks for fewer collections",
  },
  "live-heap": {
    kind: "gc",
    more: "More memory is kept alive, and every collection marks it again",
    less: "Less memory is kept alive, so that a collection has less to mark",
  },
  "blocked-goroutines": {
    kind: "scheduler",
    more: "Goroutines pile up while they wait, and hold memory meanwhile: slow input or output, or a channel that nobody serves",
    less: "Fewer goroutines pile up while they wait",
  },
  "left-goroutines": {
    kind: "scheduler",
    more: "Goroutines are started that do not end",
    less: "Goroutines that were started and did not end are gone",
  },
  lock: {
    kind: "lock",
    more: "Goroutines wait for locks that others hold",
    less: "Goroutines wait less for locks",
  },
  runnable: {
    kind: "scheduler",
    more: "More goroutines want to run than there are processors, and stand in line",
    less: "Goroutines stand less in line for a processor",
  },
  "new-goroutines": {
    kind: "scheduler",
    more: "More goroutines are started for each operation",
    less: "Fewer goroutines are started for each operation",
  },
  handoffs: {
    kind: "scheduler",
    more: "Work goes back and forth between goroutines more often",
    less: "Work goes back and forth between goroutines less often",
  },
  waiting: {
    kind: "scheduler",
    more: "It waits without a processor: for network, disk, a timer or another goroutine",
    less: "It waits less without a processor",
  },
  starved: {
    kind: "scheduler",
    more: "Other processes took the processor: a neighbor on the machine, as a rule, and not the program",
    less: "Other processes took the processor less often: a neighbor on the machine, as a rule, and not the program",
  },
  "system-calls": {
    kind: "code",
    more: "More time is spent in the kernel: system calls, or pages of memory touched for the first time",
    less: "Less time is spent in the kernel",
  },
};

/** Finds the cause of a metric among context findings; each is looked at for its own benchmark. */
export function mechanismCauses(
  findings: readonly Finding[],
): (benchmark: BenchmarkVerdict, metric: JudgedMetric) => Cause | undefined {
  const key = (at: { cell: string; package: string; name: string }) =>
    [at.cell, at.package, at.name].join("\0");
  const contexts = new Map<string, ContextFinding>();
  for (const finding of findings) {
    if (finding.kind === "context") contexts.set(key(finding.benchmark), finding);
  }
  return (benchmark, metric) => {
    const context = contexts.get(key(benchmark));
    if (context === undefined || context.mechanism === "compute") return undefined;
    const isSlower = context.direction === "more";
    if (!metric.metric.endsWith("sec/op") || metric.change > 0 !== isSlower) return undefined;
    const words = WORDS[context.mechanism];
    return {
      benchmark: benchmark.name,
      package: benchmark.package,
      metric: metric.metric,
      function: "",
      side: "head",
      kind: words.kind,
      chain: [
        `${metric.metric} of ${benchmark.name} ${percent(metric.change)}`,
        ...readingsOf(context).map(readingText),
      ],
      proof: "measured",
      text: `${isSlower ? words.more : words.less}, in \`${benchmark.name}\`.`,
    };
  };
}

/** Whether a cause says how time was lost and not which function lost it. */
export function isMechanism(cause: Cause): boolean {
  return cause.function === "" && cause.kind !== "unknown";
}

const MOST_READINGS = 5;

/** Those that name the mechanism, then what else moved. */
function readingsOf({ readings, restsOn }: ContextFinding): readonly ContextReading[] {
  const rank = ({ name }: ContextReading) => {
    const at = restsOn.indexOf(name);
    return at < 0 ? restsOn.length : at;
  };
  return readings
    .filter(({ name, movement }) => restsOn.includes(name) || movement !== "none")
    .sort((one, other) => rank(one) - rank(other))
    .slice(0, MOST_READINGS);
}

/** "gc-cycles/op 0 → 0.000367". */
function readingText({ name, base, head }: ContextReading): string {
  const isTime = name.endsWith("sec/op");
  const unit = isTime ? name.replace(/sec\/op$/, "ns/op") : name;
  const [onBase, onHead] = [base, head].map((value) => {
    const shown = isTime ? value * 1e9 : value;
    return String(Math.abs(shown) < 100 ? Number(shown.toPrecision(3)) : Math.round(shown));
  });
  return `${unit} ${onBase} → ${onHead}`;
}
