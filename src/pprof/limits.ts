// Bounds of what a profile may hold. A profile comes from a process that ran a stranger's code, and
// a few bytes of protocol buffers can name millions of objects: two bytes are an empty sample.

export type ProfileLimits = {
  /** Size after unpacking. */
  readonly bytes: number;
  readonly samples: number;
  readonly valueTypes: number;
  readonly locations: number;
  readonly functions: number;
  readonly strings: number;
  /** Inlined frames over all locations. */
  readonly lines: number;
  /** Labels over all samples. */
  readonly labels: number;
  /** Location ids and values over all samples. */
  readonly locationIds: number;
  /** Frames of one stack, inlined ones included. */
  readonly stackDepth: number;
  /** Frames over all stacks, inlined ones included. */
  readonly frames: number;
  /** Characters of a function's or a file's name. */
  readonly nameLength: number;
};

/**
 * A minute at 250 Hz on 16 cores gives 240,000 samples. Decoding 255,000 samples of 40 frames peaks
 * at 270 MB, a hand-made profile at most limits at 310 MB, with an object for every sample at 450 MB
 * (measured, Node 20). Depth: the runtime records at most 64 physical frames of a CPU stack, 128 of
 * others; inlining multiplies that, and hand-made stacks end here.
 */
export const PROFILE_LIMITS: ProfileLimits = {
  bytes: 64 * 1024 * 1024,
  samples: 300_000,
  valueTypes: 64,
  locations: 300_000,
  functions: 300_000,
  strings: 500_000,
  lines: 600_000,
  labels: 1_000_000,
  locationIds: 12_000_000,
  stackDepth: 4096,
  frames: 12_000_000,
  nameLength: 10_000,
};
