// Every bound on what repository code may use of this machine, in one place, each with its source.
//
// Memory and processes are counted by the launcher while a command runs (probe/launch_limits_linux.go
// says why no resource limit does it); files by resource limits; folders by the size of the file
// system they are. docs/operating.md lists the same for operators. Time and output have their bounds
// where commands are started: build.ts, run-benchmark.ts, discover.ts, schedule.ts.
import { availableParallelism, totalmem } from "node:os";

/** What one command and all that it starts may use; 0 is no limit. */
export type ProcessLimits = {
  readonly memoryBytes: number;
  /** What the machine must have left, whoever takes it. */
  readonly freeMemoryBytes: number;
  /** Processes and threads together. */
  readonly tasks: number;
  /** Length of one file. */
  readonly fileBytes: number;
  /** Open files of one process. */
  readonly openFiles: number;
};

const MIB = 1 << 20;
const GIB = 1 << 30;

/** Base and head may run at the same time; a fifth is left to us and to the system. */
const MEMORY_PART = 0.4;
/** Below a twentieth Linux starts to throw out program text, and everything crawls. */
const FREE_MEMORY_PART = 0.05;
/**
 * Go itself gives up at 10,000 threads a process (runtime/debug.SetMaxThreads); a build runs a
 * compiler on each core, with some threads for each core.
 */
const TASKS = 2_048;
const TASKS_PER_CORE = 128;
/** Test binaries reach some 200 MB; benchmarks' own files are bounded by the folder they lie in. */
const FILE_BYTES = 4 * GIB;
/** A benchmark of 4,000 connections has both ends of each in one process. */
const OPEN_FILES = 16_384;

/**
 * Limits of builds and of benchmark processes.
 * @param memoryBytes what the run may reckon with, here and below.
 */
export function processLimits(memoryBytes: number): ProcessLimits {
  return {
    memoryBytes: Math.floor(memoryBytes * MEMORY_PART),
    freeMemoryBytes: Math.floor(memoryBytes * FREE_MEMORY_PART),
    tasks: TASKS + TASKS_PER_CORE * availableParallelism(),
    fileBytes: FILE_BYTES,
    openFiles: OPEN_FILES,
  };
}

/** Of the machine, or of the container that we are in. */
export function machineMemoryBytes(): number {
  const bound = process.constrainedMemory() ?? 0;
  return bound > 0 ? Math.min(bound, totalmem()) : totalmem();
}

/** The private /tmp of a benchmark: it takes memory. Enough for a database of a benchmark's size. */
export function temporaryBytes(memoryBytes: number): number {
  return Math.floor(Math.min(GIB, memoryBytes / 8));
}

/** The private /tmp of a build: the objects and the binary of a package that is being linked. */
export function buildTemporaryBytes(memoryBytes: number): number {
  return Math.floor(Math.min(8 * GIB, memoryBytes / 4));
}

/** As container runtimes have it (Docker's --shm-size). */
export const SHARED_MEMORY_BYTES = 64 * MIB;

/** Records of a process are bounded by 128 MiB (probe/recorder/write.go), its profile by 32 MiB. */
export const OUTPUT_FOLDER_BYTES = 256 * MIB;

/** What benchmarks may add to their own copy of the repository. */
const ADDED_BYTES = 256 * MIB;
/** File systems store whole pages, and each file's name and attributes. */
const STORED_PART = 1.5;

/**
 * Size of the file system for a copy of a checkout that has so many bytes; undefined when that is
 * too much memory: Kubernetes' 350 MB fit on a machine of 8 GB, both sides together.
 */
export function copyBytes(checkoutBytes: number, memoryBytes: number): number | undefined {
  return checkoutBytes > memoryBytes / 16
    ? undefined
    : Math.ceil(checkoutBytes * STORED_PART) + ADDED_BYTES;
}

/**
 * Beyond so much left in its folders a sandbox is not used again: what one benchmark leaves must not
 * take the room of the next.
 */
export const LEFT_BYTES = 64 * MIB;
