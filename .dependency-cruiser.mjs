// The import rules of ARCHITECTURE.md, each with its reason. `script/check` runs them and also
// fails when no module was cruised, because a checker that sees nothing forbids nothing.
const PURE =
  "^src/(stats|bench|pprof|hdr|goast|symbols|webhook|plan|evidence|analyze|baseline|judge|report|similarity|flame|experiment)/";
const FORMATS = "^src/(stats|bench|pprof|hdr|goast|symbols)/";

export default {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Two files that need each other are one idea cut badly: move the shared part down.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-barrels",
      comment: "index files hide cycles and load everything: import the file that has the thing.",
      severity: "error",
      from: {},
      to: { path: "^src/.*/(index|utils?|helpers?|common|misc)\\.ts$" },
    },
    {
      name: "no-unresolved",
      comment: "An import that resolves to nothing breaks the published package.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-dev-dependencies-in-src",
      comment: "The published package installs without development dependencies.",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "pure-rooms-do-no-io",
      comment:
        "Stages that decide must be replayable from evidence: files, processes, network, drivers and clocks belong to the edges.",
      severity: "error",
      from: { path: PURE },
      to: {
        path: "^(node:)?(fs|fs/promises|child_process|http|https|net|tls|dgram|dns|os|process|worker_threads|timers|timers/promises|perf_hooks)$|node_modules/(pg|pg-boss|kysely|@electric-sql|octokit|@octokit|probot|simple-git|fastify|pino)/",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "pure-rooms-do-not-import-edges",
      comment: "Data goes down the pipeline once; a stage that reaches an edge has hidden input.",
      severity: "error",
      from: { path: PURE },
      to: {
        path: "^src/(collect|github|queue|store|web|commands|main|pipeline|settings|templates)(/|\\.ts$)",
      },
    },
    {
      name: "formats-import-nothing-of-ours",
      comment: "Formats and mathematics stand alone, so that they can be tested and reused alone.",
      severity: "error",
      from: { path: "^src/(stats|bench|pprof|hdr|goast|symbols)/" },
      to: { path: "^src/", pathNot: FORMATS },
    },
    {
      name: "formats-are-strangers",
      comment: "A format that needs another format is two formats: join them in a stage.",
      severity: "error",
      from: { path: "^src/(stats|bench|pprof|hdr|goast|symbols)/" },
      to: { path: FORMATS, pathNot: "^src/$1/" },
    },
    {
      name: "similarity-knows-names-only",
      comment:
        "What is near is a question of names; what a match is worth is for the analyzer that asks.",
      severity: "error",
      from: { path: "^src/similarity/" },
      to: { path: "^src/", pathNot: "^src/(similarity|pprof)/" },
    },
    {
      name: "analyzers-are-strangers",
      comment: "Findings are joined by the judge; an analyzer that asks another hides that join.",
      severity: "error",
      from: { path: "^src/analyze/([^/]+)/" },
      to: { path: "^src/analyze/[^/]+/", pathNot: "^src/analyze/$1/" },
    },
    {
      name: "report-sees-findings-and-verdicts-only",
      comment:
        "The report decides nothing and reads no evidence: what it prints is in its arguments.",
      severity: "error",
      from: { path: "^src/report/" },
      to: {
        path: "^src/",
        pathNot:
          "^src/(report/|analyze/(subject|(source-|profile-)?finding)\\.ts|judge/verdict\\.ts|errors\\.ts)",
      },
    },
    {
      name: "edges-are-strangers",
      comment: "Edges meet only in src/commands and src/pipeline.ts, where the wiring is seen.",
      severity: "error",
      from: { path: "^src/(collect|github|queue|store|web)/" },
      to: { path: "^src/(collect|github|queue|store|web|commands)/", pathNot: "^src/$1/" },
    },
    {
      name: "runner-cannot-reach-secrets",
      comment:
        "The runner executes code from pull requests: nothing it loads may reach GitHub, the store, the queue or the settings that hold secrets.",
      severity: "error",
      from: { path: "^src/(commands/(runner|compare|report|calibrate)\\.ts|collect/)" },
      to: { path: "^src/(github|store|queue)/|^src/settings\\.ts$", reachable: true },
    },
    {
      name: "server-decodes-no-profile",
      comment:
        "A profile of many samples takes seconds and hundreds of megabytes: runs and commands do that in processes of their own, never the server that answers webhooks.",
      severity: "error",
      from: { path: "^src/(commands/server(\\.ts$|/)|web/|github/|queue/|store/)" },
      to: { path: "^src/pprof/decode\\.ts$", reachable: true },
    },
    {
      name: "not-to-test",
      comment: "Product code never depends on tests.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|script)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.check.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".json"],
      // Packages that are only reachable through their "exports" map, such as pure-rand.
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
