// Which line allocates more? Allocation profiles of both sides, by the program's functions.
//
// The runtime samples one allocation per so many bytes (the profile's period) and writes estimates;
// how many samples are behind one follows from its mean size, as runtime/pprof scales it
// (protomem.go, scaleHeapSample): samples = objects · (1 - e^(-size / period)). What a run allocates
// repeats itself, so samples are Poisson and one profile a side will do: given both sides' samples
// together, head's part is binomial with its part of the operations. The line is found by aligning
// the lines that allocate, see align-lines.ts.
import { type ProfileFrame, valueIndex } from "../../pprof/profile.ts";
import { displayName } from "../../pprof/symbol.ts";
import type { AllocationSiteFinding } from "../profile-finding.ts";
import { mostGained } from "./align-lines.ts";
import { type ProfiledBenchmark, type ProfiledRun, readRuns } from "./read-runs.ts";

/** Two-sided p of 0.0005: a table of twenty sites then shows a false one once in a hundred. */
const Z_MIN = 3.5;
/** A tenth of the site, and half a percent of all bytes: less explains no change that is reported. */
const RATIO_MIN = 1.1;
const SHARE_MIN = 0.005;
const SITES_MAX = 10;

type Line = {
  bytes: number;
  /** The stack that allocates most through the line. */
  largest: { readonly bytes: number; readonly frames: readonly ProfileFrame[] };
};

/** What one function allocates on one side; values per operation, but for the samples. */
type Site = {
  readonly frame: ProfileFrame;
  bytes: number;
  objects: number;
  samples: number;
  readonly lines: Map<number, Line>;
};

type SideSites = {
  readonly sites: ReadonlyMap<string, Site>;
  readonly bytes: number;
  readonly operations: number;
};

type BothSites = { readonly base: SideSites; readonly head: SideSites };

/** Functions whose allocation moved, largest change of bytes first. */
export function allocationSites(
  subject: ProfiledBenchmark,
  report: (problem: string) => void,
): AllocationSiteFinding[] {
  const own = subject.profiles.filter(({ record }) => record.kind === "alloc");
  const side = (name: "base" | "head"): SideSites | undefined => {
    const of = own.filter(({ record }) => record.side === name);
    const { runs, problems } = readRuns(of, "alloc_space", subject.budget);
    for (const problem of problems) report(`${name}: ${problem}`);
    return runs.length === 0 ? undefined : sitesOf(runs, subject);
  };
  const [base, head] = [side("base"), side("head")];
  if (base === undefined || head === undefined) return [];
  const keys = new Set([...head.sites.keys(), ...base.sites.keys()]);
  const moved = [...keys].filter((key) => hasMoved(key, { base, head }));
  const found = moved.flatMap((key) => toFinding(key, { base, head }, subject));
  const size = (at: AllocationSiteFinding) => Math.abs(at.headBytes - at.baseBytes);
  return found.sort((one, other) => size(other) - size(one)).slice(0, SITES_MAX);
}

function sitesOf(runs: readonly ProfiledRun[], { naming }: ProfiledBenchmark): SideSites {
  const operations = runs.reduce((sum, { record }) => sum + record.operations, 0);
  const sites = new Map<string, Site>();
  let allBytes = 0;
  for (const { profile } of runs) {
    const objectsAt = valueIndex(profile, "alloc_objects");
    const bytesAt = valueIndex(profile, "alloc_space");
    for (const { frames, values } of profile.samples) {
      const bytes = (values[bytesAt] ?? 0) / operations;
      const frame = frames.find(naming.isOwn) ?? frames[0];
      if (frame === undefined || bytes <= 0) continue;
      const objects = Math.max(0, values[objectsAt] ?? 0);
      const site = siteOf(sites, naming.keyOf(frame), frame);
      site.bytes += bytes;
      site.objects += objects / operations;
      site.samples += samplesBehind(objects, bytes * operations, profile.period);
      addToLine(site, frame.line, { bytes, frames });
      allBytes += bytes;
    }
  }
  return { sites, bytes: allBytes, operations };
}

/** A period of 0 or 1 records every allocation. */
function samplesBehind(objects: number, bytes: number, period: number): number {
  if (objects === 0 || period <= 1) return objects;
  return objects * -Math.expm1(-bytes / objects / period);
}

function siteOf(sites: Map<string, Site>, key: string, frame: ProfileFrame): Site {
  let site = sites.get(key);
  if (site === undefined) {
    site = { frame, bytes: 0, objects: 0, samples: 0, lines: new Map() };
    sites.set(key, site);
  }
  return site;
}

function addToLine(site: Site, number: number, largest: Line["largest"]): void {
  const line = site.lines.get(number);
  if (line === undefined) {
    site.lines.set(number, { bytes: largest.bytes, largest });
    return;
  }
  line.bytes += largest.bytes;
  if (largest.bytes > line.largest.bytes) line.largest = largest;
}

function hasMoved(key: string, { base, head }: BothSites): boolean {
  const [inBase, inHead] = [base.sites.get(key), head.sites.get(key)];
  const [baseBytes, headBytes] = [inBase?.bytes ?? 0, inHead?.bytes ?? 0];
  const change = Math.abs(headBytes - baseBytes);
  if (change < SHARE_MIN * Math.max(base.bytes, head.bytes)) return false;
  if (Math.max(headBytes / baseBytes, baseBytes / headBytes) < RATIO_MIN) return false;
  const [fromBase, fromHead] = [inBase?.samples ?? 0, inHead?.samples ?? 0];
  const all = fromBase + fromHead;
  const expected = head.operations / (base.operations + head.operations);
  const z = (fromHead - all * expected) / Math.sqrt(all * expected * (1 - expected));
  return Math.abs(z) >= Z_MIN;
}

function toFinding(
  key: string,
  { base, head }: BothSites,
  { benchmark, naming }: ProfiledBenchmark,
): AllocationSiteFinding[] {
  const [inBase, inHead] = [base.sites.get(key), head.sites.get(key)];
  const place = mostGained(lineValues(inBase), lineValues(inHead));
  const site = place?.side === "head" ? inHead : inBase;
  const line = place === undefined ? undefined : site?.lines.get(place.line);
  if (place === undefined || site === undefined || line === undefined) return [];
  return [
    {
      kind: "allocation-site",
      benchmark,
      function: displayName(naming.symbolOf(site.frame)),
      file: naming.pathOf(site.frame.function.file),
      line: place.line,
      side: place.side,
      baseBytes: inBase?.bytes ?? 0,
      headBytes: inHead?.bytes ?? 0,
      baseObjects: inBase?.objects ?? 0,
      headObjects: inHead?.objects ?? 0,
      baseShare: shareOf(inBase?.bytes, base.bytes),
      headShare: shareOf(inHead?.bytes, head.bytes),
      frames: naming.framesOf(line.largest.frames),
    },
  ];
}

/** A side that allocates nothing has no part of anything, not 0 / 0 of it. */
function shareOf(bytes: number | undefined, all: number): number {
  return all === 0 ? 0 : (bytes ?? 0) / all;
}

function lineValues(site: Site | undefined) {
  return [...(site?.lines ?? [])]
    .map(([line, { bytes }]) => ({ line, value: bytes }))
    .sort((one, other) => one.line - other.line);
}
