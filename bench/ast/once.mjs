// Reads and compares one pull request in a process of its own, as the runner and the report do it:
//   node bench/ast/once.mjs PROBE BASE_DIR HEAD_DIR CHANGED.json [FILES.json]
// CHANGED are paths that both sides have; FILES are all to read, with their git objects, where the
// unchanged ones are read too. Plain JavaScript on the compiled program: nothing is compiled here
// that a user's process would not compile.
import { readFileSync } from "node:fs";
import { readSyntax } from "../../dist/collect/probe.js";

const [probe, base, head, changedFile, allFile] = process.argv.slice(2);
const changed = JSON.parse(readFileSync(changedFile, "utf8"));
const files = allFile
  ? JSON.parse(readFileSync(allFile, "utf8"))
  : changed.flatMap((path) => [
      { side: "base", path, blob: undefined },
      { side: "head", path, blob: undefined },
    ]);
const reading = readSyntax(probe, { base, head }, files, new AbortController().signal);
// What compares is loaded while the probe reads.
const { analyzeAst } = await import("../../dist/analyze/ast/analyze-ast.js");
const syntax = await reading;
const { findings, degraded } = analyzeAst({
  manifest: {
    plan: { changedFiles: changed.map((path) => ({ path, status: "modified" })) },
    packages: [],
  },
  syntax,
});
const changes = findings.flatMap((finding) => finding.changes ?? []);
console.log(
  JSON.stringify({ findings: findings.length, changes: changes.length, degraded: degraded.length }),
);
