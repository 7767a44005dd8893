// The whole rule for one pull request, simulated: pairs come one by one, the schedule looks after
// each, stops when it likes, and the judge corrects over all benchmarks.
import { expect, test } from "vitest";
import { addPair, eProcessP, startEProcess } from "../../src/stats/e-process.ts";
import { benjaminiHochberg } from "../../src/stats/multiplicity.ts";
import { type Random, seededRandom } from "../../src/stats/random.ts";
import { type PairsSoFar, type SettleRule, settlement } from "../../src/stats/settled.ts";
import { signedRankTest } from "../../src/stats/signed-rank.ts";
import { hodgesLehmann, walshInterval } from "../../src/stats/walsh.ts";
import { NOISES, type Noise } from "./noise.ts";

const RULE: SettleRule = { threshold: 0.03, familySize: 20, familyAlpha: 0.025, cap: 30 };

/** Measures one benchmark to its end. */
function measure(noise: Noise, random: Random, shift: number): PairsSoFar & { readonly p: number } {
  const stream = noise(random, RULE.cap).map((d) => d + shift);
  let soFar: PairsSoFar = { logRatios: [], eProcess: startEProcess() };
  while (settlement(soFar, RULE) === "open") {
    const d = stream[soFar.logRatios.length]!;
    soFar = { logRatios: [...soFar.logRatios, d], eProcess: addPair(soFar.eProcess, d) };
  }
  const isFixedLength = soFar.logRatios.length === RULE.cap;
  const once = isFixedLength ? signedRankTest(soFar.logRatios).p : 1;
  return { ...soFar, p: Math.min(1, 2 * Math.min(eProcessP(soFar.eProcess), once)) };
}

/** A pull request of 20 benchmarks, the first few of them slower: which are flagged, and pairs. */
function pullRequest(noise: Noise, random: Random, slower: number, shift: number) {
  const runs = Array.from({ length: RULE.familySize }, (_, index) =>
    measure(noise, random, index < slower ? shift : 0),
  );
  const adjusted = benjaminiHochberg(runs.map(({ p }) => p));
  const flagged = runs.map(
    ({ logRatios }, index) =>
      adjusted[index]! <= RULE.familyAlpha &&
      Math.abs(hodgesLehmann(logRatios)) >= Math.log1p(RULE.threshold),
  );
  return { flagged, pairs: runs.map(({ logRatios }) => logRatios.length) };
}

const RUNS = 60;

for (const [name, noise] of Object.entries(NOISES)) {
  test(`harmless pull requests are not flagged: ${name}`, () => {
    const random = seededRandom(17);
    let flagged = 0;
    let pairs = 0;
    for (let run = 0; run < RUNS; run++) {
      const outcome = pullRequest(noise, random, 0, 0);
      if (outcome.flagged.some(Boolean)) flagged++;
      pairs += outcome.pairs.reduce((sum, count) => sum + count, 0) / RULE.familySize;
    }
    // At 2.5 % of 60 pull requests 1.5 are expected; 5 is three standard deviations above.
    expect(flagged).toBeLessThanOrEqual(5);
    // Stopping early is what keeps it affordable: most benchmarks do not go to the cap.
    expect(pairs / RUNS).toBeLessThan(name === "clustered" ? 30 : 20);
  });
}

test("a slow-down of 15 % is found in noise of 3 %, whatever its shape", () => {
  for (const noise of Object.values(NOISES)) {
    const random = seededRandom(23);
    let found = 0;
    for (let run = 0; run < 15; run++) {
      const { flagged } = pullRequest(noise, random, 2, Math.log(1.15));
      found += Number(flagged[0]) + Number(flagged[1]);
    }
    expect(found).toBeGreaterThanOrEqual(27);
  }
});

for (const alpha of [0.05, 0.01]) {
  test(`looking after each of 40 pairs alarms at most as often as ${alpha}`, () => {
    for (const [name, noise] of Object.entries(NOISES)) {
      const random = seededRandom(5);
      const streams = 1000;
      let alarms = 0;
      for (let stream = 0; stream < streams; stream++) {
        const bet = noise(random, 40).reduce((state, d) => addPair(state, d), startEProcess());
        if (eProcessP(bet) <= alpha) alarms++;
      }
      const limit = alpha * streams + 3 * Math.sqrt(alpha * (1 - alpha) * streams);
      expect(alarms, name).toBeLessThanOrEqual(limit);
    }
  });
}

test("looking after each pair with the signed-rank test would alarm far too often", () => {
  const random = seededRandom(5);
  let alarms = 0;
  for (let stream = 0; stream < 300; stream++) {
    const d = NOISES.clustered!(random, 30);
    if (d.some((_, at) => signedRankTest(d.slice(0, at + 1)).p <= 0.05)) alarms++;
  }
  expect(alarms / 300).toBeGreaterThan(0.12);
});

test("the signed-rank test alarms as often as it says, and its interval covers as it says", () => {
  for (const [name, noise] of Object.entries(NOISES)) {
    const random = seededRandom(8);
    const streams = 800;
    let alarms = 0;
    let covered = 0;
    for (let stream = 0; stream < streams; stream++) {
      const d = noise(random, 10);
      if (signedRankTest(d).p <= 0.05) alarms++;
      const { low, high } = walshInterval(d, 0.95);
      if (low <= 0 && 0 <= high) covered++;
    }
    expect(alarms / streams, name).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / streams));
    expect(covered / streams, name).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.05 * 0.95) / streams));
  }
});
