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
 * A minute at 250 Hz on 16 cores gives 240,000 samples; 30 MB as gzip packs them hold 750,000, and
 * base and head together twice that. Comparing those two peaks at 660 MB; hand-made profiles at
 * most limits (a million samples a side of 16 frames, 300,000 functions) at 830 MB in ten seconds
 * (measured, Node 20; the server's analysis has 1.5 GB). Depth: the runtime records at most 64
 * physical frames of a CPU stack, 128 of others; inlining multiplies that, and hand-made stacks end
 * here.
 */
export const PROFILE_LIMITS: ProfileLimits = {
  bytes: 64 * 1024 * 1024,
  samples: 2_000_000,
  valueTypes: 64,
  locations: 1_000_000,
  functions: 1_000_000,
  strings: 1_000_000,
  lines: 2_000_000,
  labels: 1_000_000,
  locationIds: 32_000_000,
  stackDepth: 4096,
  frames: 32_000_000,
  nameLength: 10_000,
};

/**
 * What is read as an object for each sample, all profiles of one benchmark together: profiles of
 * memory and waits, flame graphs, and code that moved. 255,000 samples of 40 frames peak at 450 MB;
 * a million of 16 frames took 1.3 GB and a minute (measured, Node 20).
 */
export const OBJECT_LIMITS = { samples: 300_000, frames: 12_000_000 } as const;
