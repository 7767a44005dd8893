// All families of runtime work that a stack is labeled with; data, one file each.
import { ALLOCATION } from "./allocation.ts";
import { CHANNEL } from "./channel.ts";
import { CRYPTOGRAPHY } from "./cryptography.ts";
import { DEFER_PANIC } from "./defer-panic.ts";
import { ENCODING } from "./encoding.ts";
import type { Family } from "./family.ts";
import { FORMATTING } from "./formatting.ts";
import { GC_MARK } from "./gc-mark.ts";
import { GC_SWEEP } from "./gc-sweep.ts";
import { INTERFACE_VALUE } from "./interface-value.ts";
import { LOCK } from "./lock.ts";
import { MAP_WORK } from "./map-work.ts";
import { MEMORY_COPY } from "./memory-copy.ts";
import { PATTERN_MATCHING } from "./pattern-matching.ts";
import { REFLECTION } from "./reflection.ts";
import { SCHEDULER } from "./scheduler.ts";
import { SLICE_GROWTH } from "./slice-growth.ts";
import { STACK_GROWTH } from "./stack-growth.ts";
import { SYSCALL } from "./syscall-work.ts";
import { TEXT_CONVERSION } from "./text-conversion.ts";
import { TIMER } from "./timer.ts";
import { WRITE_BARRIER } from "./write-barrier.ts";

export const CATALOG: readonly Family[] = [
  ALLOCATION,
  GC_MARK,
  GC_SWEEP,
  WRITE_BARRIER,
  MAP_WORK,
  SLICE_GROWTH,
  TEXT_CONVERSION,
  INTERFACE_VALUE,
  MEMORY_COPY,
  DEFER_PANIC,
  STACK_GROWTH,
  LOCK,
  CHANNEL,
  SCHEDULER,
  TIMER,
  SYSCALL,
  REFLECTION,
  FORMATTING,
  ENCODING,
  PATTERN_MATCHING,
  CRYPTOGRAPHY,
];
