#!/usr/bin/env node
// The command line. Each command's code is loaded only when it runs, so that the runner never
// loads what reaches secrets, and so that --help is quick.
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { messageChain, UserError } from "./errors.ts";
import { isDay } from "./plan/day.ts";
import { durationSeconds } from "./plan/duration.ts";
import { EXTRA_PROFILES, type ExtraProfile, parseExtraProfiles } from "./plan/extra-profile.ts";
import { TAILGUARD_VERSION } from "./version.ts";

const EXIT_CODES = `
Exit codes:
  0  no blocking regression
  1  a blocking regression, or a rule of the team that holds the run
  2  something for the caller to fix: usage, configuration, base or head does not build
  3  could not measure: ours, or the machine's`;

const program = new Command("tailguard")
  .description("Catches Go performance regressions before the merge.")
  .version(TAILGUARD_VERSION)
  .showHelpAfterError("(tailguard --help shows what there is)")
  .exitOverride();

program
  .command("compare")
  .description("measure base against head of a Go repository on this machine")
  .option("--repo <dir>", "the repository; it is only read", ".")
  .option("--base <rev>", "default: where head left the default branch")
  .option("--head <rev>", "the revision to judge", "HEAD")
  .option(
    "--package <pattern>",
    "Go package pattern, may be repeated (default: ./...)",
    collectValue,
  )
  .option("--bench <regexp>", "benchmarks to run, as go test -bench (default: all)")
  .option("--budget <duration>", "time for measuring, such as 90s (default: 5m)", parseDuration)
  .option("--go <version|path>", "toolchain: local, a version such as 1.26.8, or a path")
  .option("--config <file>", "a tailguard.yml: what to measure, and the team's rule")
  .option(
    "--profile <kinds>",
    "more profiles of suspects beside CPU and allocations: mutex,block,trace",
    parseProfiles,
  )
  .option("--calibration <file>", "calibration.json: benchmarks block only where they earned it")
  .option("--seed <n>", "repeats the random choices of an earlier run", parseSeed)
  .option("--out <dir>", "folder for report.json, report.md, report.html and evidence/")
  .addOption(formatOption())
  .option("--no-sandbox", "run the benchmarks without bubblewrap, with your own rights")
  .addHelpText("after", EXIT_CODES)
  .action(async (options) => {
    const { compareCommand } = await import("./commands/compare.ts");
    process.exitCode = await compareCommand({
      repositoryDir: options.repo,
      base: options.base,
      head: options.head,
      packages: options.package,
      configPath: options.config,
      benchPattern: options.bench,
      budgetSeconds: options.budget,
      go: options.go,
      seed: options.seed,
      extraProfiles: options.profile ?? [],
      calibrationPath: options.calibration,
      outDir: options.out,
      format: options.format,
      useSandbox: options.sandbox,
    });
  });

program
  .command("report")
  .description("judge an evidence folder again, without measuring")
  .argument("<evidence>", "the evidence folder that compare --out or a runner wrote")
  .option("--out <dir>", "folder for report.json, report.md, report.html and check-run.json")
  .option("--details-url <url>", "where the full report will be read")
  .option("--config <file>", "the team's rule (default: the preset careful)")
  .option("--preview <file>", "another configuration, to show what it would say beside")
  .option("--history <file>", "what is remembered of the main branch, as the server keeps it")
  .option("--calibration <file>", "calibration.json: benchmarks block only where they earned it")
  .option("--waivers <file>", "what was accepted by commands, as the server keeps it")
  .option("--today <day>", "the day that waivers are held against (default: today)", parseDay)
  .addOption(formatOption())
  .addHelpText("after", EXIT_CODES)
  .action(async (evidenceDir, options) => {
    const { reportCommand } = await import("./commands/report.ts");
    process.exitCode = await reportCommand({
      evidenceDir,
      format: options.format,
      outDir: options.out,
      detailsUrl: options.detailsUrl,
      configPath: options.config,
      previewPath: options.preview,
      historyPath: options.history,
      calibrationPath: options.calibration,
      waiversPath: options.waivers,
      today: options.today,
    });
  });

const policy = program.command("policy").description("the team's rule, before it is trusted");

policy
  .command("check")
  .description("say what is wrong with a configuration, by line and column")
  .argument("<file>", "a tailguard.yml")
  .action(async (file) => {
    const { policyCheckCommand } = await import("./commands/policy.ts");
    process.exitCode = await policyCheckCommand(file);
  });

policy
  .command("test")
  .description("say what a configuration would have stopped in runs that are over")
  .argument("<file>", "a tailguard.yml")
  .argument("<run...>", "report.json files, evidence folders, or folders that compare --out wrote")
  .option("--today <day>", "the day that waivers are held against (default: today)", parseDay)
  .addOption(
    new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"),
  )
  .addHelpText("after", EXIT_CODES)
  .action(async (file, runs, options) => {
    const { policyTestCommand } = await import("./commands/policy.ts");
    process.exitCode = await policyTestCommand({
      file,
      runs,
      format: options.format,
      today: options.today,
    });
  });

program
  .command("calibrate")
  .description("learn what this machine and repository can show: trials with a known answer")
  .option("--repo <dir>", "the repository; it is only read", ".")
  .option("--rev <rev>", "the commit to calibrate with, on both sides", "HEAD")
  .option(
    "--package <pattern>",
    "Go package pattern, may be repeated (default: ./...)",
    collectValue,
  )
  .option("--bench <regexp>", "benchmarks to run, as go test -bench (default: all)")
  .addOption(
    new Option("--budget <duration>", "time for measuring, all trials together")
      .argParser(parseDuration)
      .default(600, "10m"),
  )
  .option("--equal <count>", "trials of equal sides", parseCount, 3)
  .option("--slow-down <percent...>", "slow-downs to plant, in percent (default: 2 5 10 20)")
  .option("--no-slow-down", "trials of equal sides only")
  .option("--go <version|path>", "toolchain: local, a version such as 1.26.8, or a path")
  .option("--config <file>", "a tailguard.yml: what is measured and the thresholds")
  .option("--seed <n>", "repeats the random choices of an earlier run", parseSeed)
  .option("--out <file>", "the calibration; trials are added to it", "calibration.json")
  .addOption(
    new Option("--format <format>", "what to print").choices(["text", "json"]).default("text"),
  )
  .option("--no-sandbox", "run the benchmarks without bubblewrap, with your own rights")
  .addHelpText("after", EXIT_CODES)
  .action(async (options) => {
    const { calibrateCommand } = await import("./commands/calibrate.ts");
    process.exitCode = await calibrateCommand({
      repositoryDir: options.repo,
      revision: options.rev,
      packages: options.package,
      benchPattern: options.bench,
      configPath: options.config,
      go: options.go,
      budgetSeconds: options.budget,
      equalTrials: options.equal,
      slowDowns: slowDownsOf(options.slowDown),
      seed: options.seed,
      file: options.out,
      format: options.format,
      useSandbox: options.sandbox,
    });
  });

program
  .command("experiment")
  .description("make a published experiment again, from its seed")
  .addArgument(new Argument("<name>", "which one").choices(["p99-tests"]))
  .option("--quick", "few repetitions, printed to the terminal and not written", false)
  .option("--out <dir>", "folder for the document and its pictures", "docs/experiments")
  .action(async (_name, options) => {
    const { experimentCommand } = await import("./commands/experiment.ts");
    process.exitCode = await experimentCommand({ isQuick: options.quick, outDir: options.out });
  });

program
  .command("server")
  .description("the GitHub App: webhooks, queue, pages (settings: .env.example)")
  .action(async () => {
    const { serverCommand } = await import("./commands/server.ts");
    process.exitCode = await serverCommand();
  });

program
  .command("runner")
  .description("carry out measurements for a server")
  .option("--server <url>", "the server; default: TAILGUARD_SERVER")
  .action(async (options) => {
    const { runnerCommand } = await import("./commands/runner.ts");
    process.exitCode = await runnerCommand(options);
  });

program
  .command("doctor")
  .description("check the App, its webhook, and this machine, and say what to click")
  .option("--repo <owner/name>", "also whether its default branch requires our check")
  .addHelpText(
    "after",
    `
Exit codes:
  0  all is well, or worth a note only
  2  something for you to fix
  3  could not be looked at: GitHub or the database is away`,
  )
  .action(async (options) => {
    const { doctorCommand } = await import("./commands/doctor.ts");
    process.exitCode = await doctorCommand({ repository: options.repo });
  });

function formatOption(): Option {
  return new Option("--format <format>", "what to print")
    .choices(["text", "md", "json"])
    .default("text");
}

function collectValue(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Go's own notation for durations, whole units only: "90s", "5m", "1h30m". */
function parseDuration(text: string): number {
  if (!/^(\d+(\.\d+)?[smh])+$/.test(text)) {
    throw new InvalidArgumentError('A duration looks like "90s", "5m" or "1h30m".');
  }
  const seconds = durationSeconds(text);
  if (seconds <= 0) throw new InvalidArgumentError("A budget is longer than nothing.");
  return seconds;
}

function parseProfiles(text: string): ExtraProfile[] {
  const kinds = parseExtraProfiles(text);
  if (kinds !== undefined) return kinds;
  throw new InvalidArgumentError(`Profiles are ${EXTRA_PROFILES.join(", ")}, with commas between.`);
}

function parseDay(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('A day looks like "2026-12-31".');
  return text;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > 200) {
    throw new InvalidArgumentError("A count is a whole number from 1 to 200.");
  }
  return count;
}

/** What --slow-down named; false for --no-slow-down. */
function slowDownsOf(given: readonly string[] | false | undefined): readonly number[] {
  return given === false ? [] : (given ?? ["2", "5", "10", "20"]).map(parsePercent);
}

function parsePercent(text: string): number {
  const percent = Number(text.replace(/\s*%$/, ""));
  if (!(percent > 0 && percent <= 1000)) {
    throw new InvalidArgumentError("A slow-down is a number of percent above 0, such as 5.");
  }
  return percent / 100;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > 0xffffffff) {
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  }
  return seed;
}

/** The edge where errors become words: what happened, what to do, the log. */
function explain(error: unknown): number {
  if (error instanceof UserError) {
    const log = error.log === "" ? "" : `\n${error.log.trimEnd()}\n`;
    process.stderr.write(`tailguard: ${error.message}\n${log}${error.hint}\n(${error.code})\n`);
    return 2;
  }
  if (error instanceof Error && "exitCode" in error && "code" in error) {
    return error.exitCode === 0 ? 0 : 2; // Commander has printed its own words.
  }
  process.stderr.write(
    `tailguard: internal error: ${messageChain(error)}\n${error instanceof Error ? error.stack : ""}\n` +
      "This is a fault of Tailguard or of the machine, not of the change that was measured.\n",
  );
  return 3;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}
