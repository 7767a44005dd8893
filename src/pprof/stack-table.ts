// Very many stacks as lists of numbers: what is asked of a frame is asked once of each, and what is
// added up over stacks is added up by number.
//
// Objects and maps of names were 3.5 s for two profiles of 84,000 stacks, this is 0.3 s.
import type { FrameTable, ProfileFrame, ProfileFunction } from "./profile.ts";
import type { Stack } from "./stacks.ts";

/** Frames are those that stand on a stack, in the order of their first places. */
export type StackTable = FrameTable & {
  /** Numbers of the frames of all stacks, leaf first each, one stack behind the other. */
  readonly places: Int32Array;
  /** Where each stack ends in `places`; it begins where the one before it ends. None is empty. */
  readonly ends: Int32Array;
  /** One for each stack. */
  readonly values: Float64Array;
};

/**
 * The answer for each frame, a number that is not negative; asked once for each function, of the
 * first of its frames.
 */
export function askFunctions(
  { frames, functionNumbers, functionCount }: FrameTable,
  ask: (frame: ProfileFrame) => number,
): Int32Array {
  const known = new Int32Array(functionCount).fill(-1);
  const answers = new Int32Array(frames.length);
  for (let at = 0; at < frames.length; at++) {
    const own = functionNumbers[at] as number;
    if ((known[own] as number) < 0) known[own] = ask(frames[at] as ProfileFrame);
    answers[at] = known[own] as number;
  }
  return answers;
}

/** Takes stacks one by one: addStack, then tableIn. */
export type StackTableBuilder = FrameTable & {
  readonly from: Int32Array;
  /** New numbers of the frames; -1 where a frame was not met yet. */
  readonly numbers: Int32Array;
  readonly used: ProfileFrame[];
  readonly usedFunctions: number[];
  readonly places: Int32Array;
  readonly ends: Int32Array;
  readonly values: Float64Array;
  /** Places and stacks so far. */
  length: number;
  stacks: number;
};

/** For at most `count` parts of the places `from`, which hold each place once at most. */
export function buildStackTable(
  { frames, functionNumbers, functionCount }: FrameTable,
  from: Int32Array,
  count: number,
): StackTableBuilder {
  return {
    frames,
    functionNumbers,
    functionCount,
    from,
    numbers: new Int32Array(frames.length).fill(-1),
    used: [],
    usedFunctions: [],
    places: new Int32Array(from.length),
    ends: new Int32Array(count),
    values: new Float64Array(count),
    length: 0,
    stacks: 0,
  };
}

/** The stack of the places from `begin` until `end`, which is behind it. */
export function addStack(
  builder: StackTableBuilder,
  begin: number,
  end: number,
  value: number,
): void {
  const { from, numbers, places } = builder;
  let { length } = builder;
  for (let at = begin; at < end; at++) {
    const frame = from[at] as number;
    let number = numbers[frame] as number;
    if (number < 0) {
      number = builder.used.push(builder.frames[frame] as ProfileFrame) - 1;
      numbers[frame] = number;
      builder.usedFunctions.push(builder.functionNumbers[frame] as number);
    }
    places[length++] = number;
  }
  builder.length = length;
  builder.ends[builder.stacks] = length;
  builder.values[builder.stacks++] = value;
}

export function tableIn(builder: StackTableBuilder): StackTable {
  return {
    frames: builder.used,
    functionNumbers: Int32Array.from(builder.usedFunctions),
    functionCount: builder.functionCount,
    places: builder.places.subarray(0, builder.length),
    ends: builder.ends.subarray(0, builder.stacks),
    values: builder.values.subarray(0, builder.stacks),
  };
}

/** Frames are told apart by identity. */
export function tableOf(stacks: readonly Stack[]): StackTable {
  const numbers = new Map<ProfileFrame, number>();
  const functions = new Map<ProfileFunction, number>();
  const functionNumbers: number[] = [];
  const places: number[] = [];
  const ends: number[] = [];
  for (const { frames } of stacks) {
    for (const frame of frames) {
      let number = numbers.get(frame);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(frame, number);
        const own = functions.get(frame.function) ?? functions.size;
        functions.set(frame.function, own);
        functionNumbers.push(own);
      }
      places.push(number);
    }
    ends.push(places.length);
  }
  return {
    frames: [...numbers.keys()],
    functionNumbers: Int32Array.from(functionNumbers),
    functionCount: functions.size,
    places: Int32Array.from(places),
    ends: Int32Array.from(ends),
    values: Float64Array.from(stacks, ({ value }) => value),
  };
}

/** Every stack as an object of its own. */
export function stacksIn(table: StackTable): Stack[] {
  return Array.from(table.ends, (_, at) => stackAt(table, at));
}

export function stackAt({ frames, places, ends, values }: StackTable, at: number): Stack {
  const own = places.subarray(ends[at - 1] ?? 0, ends[at]);
  return {
    frames: Array.from(own, (place) => frames[place] as ProfileFrame),
    value: values[at] as number,
  };
}

/** Cost of every function by its number, as functionCosts gives it by key (stacks.ts). */
export type NumberedCosts = { readonly flat: Float64Array; readonly cum: Float64Array };

/**
 * @param functionOf numbers of the functions by those of frames.
 * @param count of functions.
 */
export function numberedCosts(
  { places, ends, values }: StackTable,
  functionOf: Int32Array,
  count: number,
): NumberedCosts {
  const flat = new Float64Array(count);
  const cum = new Float64Array(count);
  /** The last stack that each function was seen on, counted from 1. */
  const seenOn = new Int32Array(count);
  let at = 0;
  for (let stack = 0; stack < ends.length; stack++) {
    const value = values[stack] as number;
    const end = ends[stack] as number;
    const leaf = functionOf[places[at] as number] as number;
    flat[leaf] = (flat[leaf] as number) + value;
    for (; at < end; at++) {
      const own = functionOf[places[at] as number] as number;
      if (seenOn[own] === stack + 1) continue;
      seenOn[own] = stack + 1;
      cum[own] = (cum[own] as number) + value;
    }
  }
  return { flat, cum };
}
