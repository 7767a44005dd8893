// Bounds of what a recorder may hand over. It runs inside a process of strangers' code: its file can
// hold anything, and a few hundred bytes of zlib can unpack to gigabytes.

/** A histogram of the recorder has 41,984 buckets, each at most 9 bytes, after a header of 40. */
export const MAX_BUCKETS = 1 << 20;
export const MAX_PAYLOAD_BYTES = 1 << 20;
/** Base64 of a stored (not compressed) payload of that size. */
export const MAX_HISTOGRAM_LENGTH = 1_420_000;
/** One run: two histograms for each of 16 loops, and the runtime's own. Real ones take 5 KB. */
export const MAX_RECORD_LENGTH = 4 << 20;
/** The recorder stops at 128 MiB; a process that measures one benchmark writes some 100 KB. */
export const MAX_RECORDS = 100_000;
export const MAX_PROBLEMS = 100;
/** testing rewrites names but does not shorten them; the recorder cuts at 1,000 bytes. */
export const MAX_NAME_LENGTH = 1000;
/** The recorder's own bounds: loops of a run, runtime metrics, buckets of one of them. */
export const MAX_LOOPS = 16;
export const MAX_METRICS = 64;
export const MAX_METRIC_BUCKETS = 1000;
/** A name of 1,000 characters, each of four bytes written as %XX, and its suffix. */
export const MAX_TAG_LENGTH = 13_000;
/** Two histograms for each of ten thousand benchmarks of one package. */
export const MAX_LOG_ENTRIES = 20_000;
