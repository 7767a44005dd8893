// Bounds on Go benchmark text, which a stranger's program printed.

/** Longest line read: bufio.MaxScanTokenSize, where golang/perf's own reader stops. */
export const MAX_LINE_LENGTH = 64 * 1024;

/**
 * Results kept of one text. 30 pairs of 1,000 benchmarks with 10 batches each make 300,000; more
 * is not a benchmark run but a flood.
 */
export const MAX_RESULTS = 300_000;

/** Value and unit pairs of one line; testing prints four, b.ReportMetric adds a handful. */
export const MAX_VALUES = 64;

/** Problems kept with their text; further ones are counted only. */
export const MAX_PROBLEMS = 100;

/** Configuration keys in force at once; go test prints five. */
export const MAX_CONFIGURATION_KEYS = 64;
