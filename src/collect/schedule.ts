// The schedule: pairs of short processes, base and head, until each benchmark is settled.
//
// A pair is two processes with nothing between them, in an order drawn at random; benchmarks are
// shuffled between rounds and link layouts rotate over the pairs, so that neither drift of the
// machine nor one lucky layout can pass for a change. The first round looks at every benchmark once,
// those that call changed code first, and for a third of the time at most: one pair of each of a
// hundred would answer nothing for anybody. After each round the watch says which
// benchmarks are settled, and time goes where doubt remains and can still be cleared. Suspects are
// then measured again in fresh pairs that had no part in the suspicion. Now and then both processes
// are base: what moves there is the run's own noise. A time limit ends all, and what is open then
// is "unknown".
import { pick, shuffle } from "../stats/random.ts";
import { focusOn } from "./focus.ts";
import { type Measurable, measurePair, type PairOptions, startTrack, type Track } from "./track.ts";
import {
  endedAtCap,
  interestOf,
  largestEffect,
  suspectOf,
  type WatchRule,
  watchState,
} from "./watch.ts";

export type Measured = {
  readonly benchmark: Measurable;
  /** Evidence texts of this benchmark's processes, base and head line up pair by pair. */
  readonly baseText: string;
  readonly headText: string;
  /** Latencies of all counted processes of a side; "too-wide" where they could not be kept. */
  readonly latencies: Track["latencies"];
  readonly pairs: number;
  readonly stopped: "settled" | "cap" | "budget" | "focus";
  /** Which way it seems to have moved; such benchmarks were confirmed and deserve a profile. */
  readonly suspected: "slower" | "faster" | undefined;
  /** For people: why it cannot be measured; empty when it was. */
  readonly failure: string;
};

export type ScheduleOptions = PairOptions & {
  readonly rule: Omit<WatchRule, "familySize">;
  /** The first look takes those of a lower rank first. */
  readonly rankOf: (benchmark: Measurable) => number;
  /** Fresh pairs for each suspect. */
  readonly confirmationPairs: number;
  /** Milliseconds since the epoch: no pair of the first phase, or of any, starts later. */
  readonly exploreUntilMs: number;
  readonly untilMs: number;
  readonly nowMs: () => number;
  readonly onProgress: (settled: number, total: number, text: string) => void;
};

/** Fresh pairs of a suspect, of which one may still disagree: signed-rank p is 0.016 then. */
const ENOUGH_TO_CONFIRM = 8;
/** One pair in so many is base against base. */
const NOISE_EVERY = 8;

/** Measures all benchmarks; the order of the result is that of `benchmarks`. */
export async function measurePairs(
  benchmarks: readonly Measurable[],
  options: ScheduleOptions,
): Promise<Measured[]> {
  const rule = { ...options.rule, familySize: Math.max(1, benchmarks.length) };
  const tracks = benchmarks.map((benchmark) => startTrack(benchmark, benchmarks.length));
  const startMs = options.nowMs();
  const { hasFocused } = await explore(tracks, rule, options);
  const pairMs = millisecondsPerPair(tracks, startMs, options);
  await confirm(confirmable(tracks, rule, options.untilMs - options.nowMs(), pairMs), options);
  return tracks.map((track) => ({
    benchmark: track.benchmark,
    baseText: track.baseText,
    headText: track.headText,
    latencies: track.latencies,
    pairs: track.pairs,
    stopped: stopReason(track, rule) ?? (hasFocused ? "focus" : "budget"),
    suspected: suspectOf(track.watch, rule),
    failure: track.failure,
  }));
}

function stopReason({ watch }: Track, rule: WatchRule): "settled" | "cap" | undefined {
  if (watchState(watch, rule) !== "done") return undefined;
  return endedAtCap(watch, rule) ? "cap" : "settled";
}

/** Part of the time to explore in that the first look may take; proving needs the rest. */
const FIRST_LOOK_PART = 1 / 3;

/** Rounds over what is open. `hasFocused`: the time was not enough for all of it. */
async function explore(
  tracks: readonly Track[],
  rule: WatchRule,
  options: ScheduleOptions,
): Promise<{ readonly hasFocused: boolean }> {
  const startMs = options.nowMs();
  const isOver = () => options.signal.aborted || options.nowMs() >= options.exploreUntilMs;
  const lookUntilMs = startMs + FIRST_LOOK_PART * (options.exploreUntilMs - startMs);
  let sinceNoise = 0;
  let hasFocused = false;
  for (let round = 0; ; round++) {
    const open = openTracks(tracks, rule);
    const chosen = round === 0 ? open : focus(open, tracks, startMs, { rule, options });
    hasFocused ||= chosen.length < open.length;
    if (chosen.length === 0) return { hasFocused };
    const shuffled = shuffle(options.random, chosen);
    for (const track of round === 0 ? byRank(shuffled, options) : shuffled) {
      if (isOver()) return { hasFocused };
      if (round === 0 && options.nowMs() > lookUntilMs) break;
      await measurePair(track, "explore", options);
      if (++sinceNoise >= NOISE_EVERY && !isOver()) {
        sinceNoise = 0;
        const seen = chosen.filter(({ watch }) => watch.pairs > 0);
        if (seen.length > 0) await measurePair(pick(options.random, seen), "noise", options);
      }
      const settled = tracks.filter(({ watch }) => watchState(watch, rule) === "done").length;
      options.onProgress(settled, tracks.length, track.benchmark.name);
    }
  }
}

function byRank(tracks: readonly Track[], { rankOf }: ScheduleOptions): Track[] {
  const ranked = tracks.map((track) => ({ track, rank: rankOf(track.benchmark) }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ track }) => track);
}

/** Where doubt remains: the typical time first, then what else can stop a merge. */
function openTracks(tracks: readonly Track[], rule: WatchRule): Track[] {
  const measurable = tracks.filter((track) => track.failure === "");
  const at = (state: ReturnType<typeof watchState>) =>
    measurable.filter(({ watch }) => watchState(watch, rule) === state);
  const typical = at("typical-open");
  return typical.length > 0 ? typical : at("others-open");
}

/** Those of the open tracks that the time left is enough for. */
function focus(
  open: readonly Track[],
  all: readonly Track[],
  startMs: number,
  { rule, options }: { readonly rule: WatchRule; readonly options: ScheduleOptions },
): Track[] {
  const pairMs = millisecondsPerPair(all, startMs, options);
  const leftMs = options.exploreUntilMs - options.nowMs();
  const candidates = open.map((track) => ({ track, ...interestOf(track.watch, rule) }));
  return focusOn(candidates, { leftMs, pairMs }).map(({ track }) => track);
}

function millisecondsPerPair(
  tracks: readonly Track[],
  startMs: number,
  options: ScheduleOptions,
): number {
  const pairs = tracks.reduce((sum, track) => sum + track.pairs + track.starvedPairs, 0);
  return (options.nowMs() - startMs) / Math.max(1, pairs);
}

/**
 * The suspects that the time left can confirm, those that slowed down most first: five pairs each
 * for eight suspects would confirm none, and an improvement stops no merge.
 */
function confirmable(
  tracks: readonly Track[],
  rule: WatchRule,
  leftMs: number,
  pairMs: number,
): Track[] {
  const suspects = tracks.flatMap((track) => {
    const direction = suspectOf(track.watch, rule);
    if (direction === undefined) return [];
    const effect = direction === "slower" ? largestEffect(track.watch) : 0;
    return [{ track, effect, pairs: ENOUGH_TO_CONFIRM }];
  });
  return focusOn(suspects, { leftMs, pairMs }).map(({ track }) => track);
}

/** Rounds over all suspects, so that a short budget confirms each a little. */
async function confirm(suspects: readonly Track[], options: ScheduleOptions): Promise<void> {
  for (let pair = 0; pair < options.confirmationPairs; pair++) {
    for (const track of shuffle(options.random, suspects)) {
      if (options.signal.aborted || options.nowMs() >= options.untilMs) return;
      if (track.failure === "") await measurePair(track, "confirm", options);
      options.onProgress(pair, options.confirmationPairs, `confirming ${track.benchmark.name}`);
    }
  }
}
