// Before any benchmark has run, the check run says what changed and what the compiler decides
// otherwise about it: the collector tells once the source is read and once both sides are built, the
// runner's heartbeat carries it, the server shows it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { evidenceOf } from "../analyze/evidence-of.ts";
import type { CheckRun } from "../fake-github/model.ts";
import { syntaxOf } from "../goast/syntax-of.ts";
import { startTestApp, type TestApp } from "./test-app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A function that lost its inlining. */
function lostInlining() {
  const text = (decision: string) => `# example.com/m\nexample.com/m/a.go:1:6: ${decision}\n`;
  return evidenceOf({
    changedFiles: [{ path: "a.go", status: "modified" }],
    syntax: {
      base: syntaxOf({ "a.go": ["func skip 1-9 1"] }),
      head: syntaxOf({ "a.go": ["func skip 1-9 2"] }),
    },
    packages: [
      {
        importPath: "example.com/m",
        dir: ".",
        baseCompiler: text("can inline skip with cost 74 as: func() { }"),
        headCompiler: text("cannot inline skip: function too complex: cost 82 exceeds budget 80"),
      },
    ],
  });
}

test("the summary says what source and compiler say while the run goes on", async () => {
  const pull = await app.open();
  const call = await app.nextCollect();
  call.options.onProgress({ stage: "build", done: 0, total: 1, text: "example.com/m" });
  const built = lostInlining();
  call.options.onRead?.({ ...built, packages: [], manifest: { ...built.manifest, packages: [] } });
  const says = (text: string) => (run: CheckRun) => run.summary?.includes(text) === true;
  const read = await app.fake.checkRun(pull.headSha, says("`skip` at a.go:1 changed"));
  expect(read.summary).not.toContain("inlined");
  call.options.onBuilt?.(built);
  const run = await app.fake.checkRun(pull.headSha, says("no longer inlined"));
  expect(run.status).toBe("in_progress");
  expect(run.summary).toContain("`skip` at a.go:1 is no longer inlined");
  expect(run.summary).toContain("`skip` at a.go:1 changed");
  call.succeed();
  expect((await app.over(pull.headSha)).status).toBe("completed");
});
