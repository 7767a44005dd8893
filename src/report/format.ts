// Numbers as Go's own tools write them: four significant digits and a scaled unit, as benchstat
// does (golang.org/x/perf/benchunit), binary prefixes for bytes, plain digits for small counts.
// Ratios are fractions in code and become percent only here.

type Scale = readonly (readonly [factor: number, suffix: string])[];

const TIME: Scale = [
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
  [1e-9, "ns"],
];
const BYTES: Scale = [
  [2 ** 40, "TiB"],
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
];
const COUNTS: Scale = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** Below this, bytes and counts are written in full: a change by one must be seen. */
const FULL_BELOW = 100_000;

function significant(value: number, digits: number): string {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
  return value.toFixed(Math.min(20, Math.max(0, digits - 1 - magnitude)));
}

function scaled(value: number, scale: Scale, digits = 4): string {
  for (const [factor, suffix] of scale) {
    // 999.96 must become 1.000 of the next unit, not "1000" of this one.
    const least = factor * (1 - 0.5 * 10 ** -digits);
    if (Math.abs(value) >= least) return significant(value / factor, digits) + suffix;
  }
  const last = scale[scale.length - 1];
  return last === undefined ? String(value) : significant(value / last[0], digits) + last[1];
}

/** Nanoseconds that come from samples: three digits, "1.23µs"; profiles have no more to say. */
export function formatSampled(ns: number): string {
  return ns === 0 ? "0s" : scaled(ns * 1e-9, TIME, 3);
}

/** As `formatSampled`, with the direction: "+1.23µs". */
export function formatSampledChange(ns: number): string {
  return `${ns < 0 ? "-" : "+"}${formatSampled(Math.abs(ns))}`;
}

/** A fraction of one is kept for medians between two counts: "2.5". */
function plain(value: number): string {
  return Number.isInteger(value) ? String(value) : significant(value, 4);
}

/** `value` of a metric in base units (seconds, bytes, counts): "1.234µs", "4096 B", "2". */
export function formatQuantity(value: number, metric: string): string {
  if (!Number.isFinite(value)) return "n/a";
  if (metric.endsWith("sec/op")) return value === 0 ? "0s" : scaled(value, TIME);
  const small = Math.abs(value) < FULL_BELOW;
  if (metric === "B/op") return small ? `${plain(value)} B` : scaled(value, BYTES);
  return small ? plain(value) : scaled(value, COUNTS);
}

/** Base and head of one metric; written in full where rounding would make them look alike. */
export function formatPair(base: number, head: number, metric: string): readonly [string, string] {
  const texts = [formatQuantity(base, metric), formatQuantity(head, metric)] as const;
  const alike = texts[0] === texts[1] && base !== head;
  if (!alike || metric.endsWith("sec/op")) return texts;
  const unit = metric === "B/op" ? " B" : "";
  return [`${plain(base)}${unit}`, `${plain(head)}${unit}`];
}

function percentDigits(fraction: number): string {
  const percent = Math.abs(fraction * 100);
  if (percent >= 99.95) return percent.toFixed(0);
  return percent >= 0.995 || percent === 0 ? percent.toFixed(1) : percent.toFixed(2);
}

/** A size without direction: 0.021 is "2.1 %". */
export function formatPercent(fraction: number): string {
  return `${percentDigits(fraction)} %`;
}

/** Finer than any pair of timings tells apart, however much they agree. */
const FINEST = 0.001;

/** What a size stays under; at least 0.1 %, because no run hides nothing: 0.021 is "2.1 %". */
export function formatBound(fraction: number): string {
  return fraction <= FINEST ? "0.1 %" : formatPercent(fraction);
}

/** A change with its direction and no unit: 0.182 is "+18.2", as used inside an interval. */
export function formatSigned(fraction: number): string {
  return `${fraction < 0 ? "-" : "+"}${percentDigits(fraction)}`;
}

/** An interval of a change, in percent: "[+17.1, +19.4]"; "n/a" stands for an open end. */
export function formatInterval(low: number | null, high: number | null): string {
  const end = (value: number | null) => (value === null ? "n/a" : formatSigned(value));
  return `[${end(low)}, ${end(high)}]`;
}

/** A probability as benchstat prints it, three decimals: "0.002", "<0.001". */
export function formatP(p: number): string {
  return p < 0.0005 ? "<0.001" : p.toFixed(3);
}

/** As `formatP` with the letter: "p=0.002", "p<0.001". */
export function formatLetterP(p: number): string {
  return p < 0.0005 ? "p<0.001" : `p=${formatP(p)}`;
}

/** Seconds as Go prints a duration, rounded for people: "4m12s", "34.2s", "80ms". */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return "0s";
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1000))}ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = `${minutes}m${whole % 60}s`;
  return hours === 0 ? rest : `${hours}h${rest}`;
}

/** "1 benchmark", "42 benchmarks". */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
