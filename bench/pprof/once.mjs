// Compares two CPU profiles in a process of its own, as a report does:
//   node bench/pprof/once.mjs BASE HEAD [TIMES]
// Unpacks and decodes both, aligns functions, tests which moved, and finds the paths of the cost;
// prints them, and last one line of JSON with the milliseconds of every repetition. Plain
// JavaScript on the compiled program: nothing is compiled here that a user's process would not.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { analyzeProfile } from "../../dist/analyze/profile/analyze-profile.js";
import { PROFILE_LIMITS } from "../../dist/pprof/limits.js";

const [baseFile, headFile, times = "1"] = process.argv.slice(2);

function profile(side, file) {
  const benchmark = { cell: "default", package: "shop.example/part0", benchmark: "BenchmarkShop" };
  const record = { ...benchmark, side, kind: "cpu", run: 0, operations: 1000, file };
  const bytes = gunzipSync(readFileSync(file), { maxOutputLength: PROFILE_LIMITS.bytes });
  return { record, bytes };
}

function compared() {
  const profiles = [profile("base", baseFile), profile("head", headFile)];
  return analyzeProfile({ packages: [], profiles });
}

const milliseconds = [];
let analysis;
for (let at = 0; at < Number(times); at++) {
  const start = performance.now();
  analysis = compared();
  milliseconds.push(performance.now() - start);
}
const { findings, degraded } = analysis;
const percent = (share) => `${(100 * share).toFixed(2)}%`.padStart(8);
const lines = findings.flatMap((finding) => {
  if (finding.kind === "function-share") {
    const { baseFlat, headFlat, baseCum, headCum } = finding;
    const shares = [baseFlat, headFlat, baseCum, headCum].map(percent).join("");
    return [`${shares}  ${finding.function}`];
  }
  if (finding.kind !== "stack") return [];
  const path = finding.frames.map((frame) => `  ${frame.function}`);
  return [`${percent(finding.baseShare)}${percent(finding.headShare)}  path`, ...path];
});
for (const { reason } of degraded) lines.push(reason);
// Both sides that could be read have functions, moved or not.
const refusal = findings.length > 0 ? "" : degraded.map(({ reason }) => reason).join("; ");
const paths = findings.filter(({ kind }) => kind === "stack").length;
process.stdout.write(`${lines.join("\n")}\n${JSON.stringify({ milliseconds, paths, refusal })}\n`);
