// `tailguard policy check` and `tailguard policy test`: is this configuration right, and what would
// it have stopped? Tried on runs that are over, so that a rule is known before it is trusted.
import { describeRule } from "./describe-rule.ts";
import { type Replay, replayRun } from "./policy/replay.ts";
import { replayText } from "./policy/replay-text.ts";
import { dayOf, readTeamRule } from "./team-rule.ts";

/** Says what the file sets; throws UserError TG_CONFIG that lists its problems. */
export async function policyCheckCommand(file: string): Promise<number> {
  const { config, rule } = await readTeamRule(file);
  process.stdout.write(`${file} is a configuration: ${describeRule(config, rule)}.\n`);
  return 0;
}

export type PolicyTestOptions = {
  readonly file: string;
  /** report.json files, evidence folders, or folders that `compare --out` wrote. */
  readonly runs: readonly string[];
  readonly format: "text" | "json";
  /** The day that waivers are held against; today when absent. */
  readonly today: string | undefined;
};

/** Judges each run by the file; the result is the worst exit code of them, as compare's. */
export async function policyTestCommand(options: PolicyTestOptions): Promise<number> {
  const { rule } = await readTeamRule(options.file);
  const today = options.today ?? dayOf(new Date());
  const replays: Replay[] = [];
  for (const run of options.runs) replays.push(await replayRun(run, rule, today));
  const text =
    options.format === "json" ? JSON.stringify(replays, null, 2) : replayText(replays).trimEnd();
  process.stdout.write(`${text}\n`);
  return worstOf(replays);
}

/** A block outweighs a run that could not be measured: of the two it is the answer. */
function worstOf(replays: readonly Replay[]): number {
  const codes = replays.map(({ exitCode }) => exitCode);
  return [1, 2, 3].find((code) => codes.includes(code as Replay["exitCode"])) ?? 0;
}
