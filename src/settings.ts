// The server's settings: the environment, read once at start through one schema.
//
// All problems are listed together, each with the variable's name and an example, because fixing
// them one restart at a time is what makes people give up on an installation. There is no default
// for a secret: Probot silently falls back to the public secret "development" when none is set,
// so anybody could forge deliveries; here the server refuses to start instead.
// .env.example is checked against this schema by test/settings.test.ts.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { UserError } from "./errors.ts";
import { durationSeconds } from "./plan/duration.ts";

/** What .env.example holds in place of a secret; refused, since everybody can read it. */
export const SECRET_PLACEHOLDER = "replace-me-with-at-least-16-random-characters";

/** One variable: how it is read, an example for the error text, and what it means. */
type Variable = { readonly schema: z.ZodType; readonly example: string };

const PEM = /-----BEGIN (RSA )?PRIVATE KEY-----[\s\S]+-----END (RSA )?PRIVATE KEY-----/;

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));

const secret = z
  .string({ error: "is not set" })
  .min(16, "must have at least 16 characters")
  .refine((text) => text !== SECRET_PLACEHOLDER, "is still the placeholder of .env.example");

const duration = z
  .string()
  .regex(/^[1-9]\d{0,5}(s|m|h)$/, 'must be a number followed by "s", "m" or "h"')
  .transform(durationSeconds);

const VARIABLES = {
  APP_ID: {
    schema: z.string({ error: "is not set" }).regex(/^[1-9]\d{0,15}$/, "must be the App's number"),
    example: "123456",
  },
  PRIVATE_KEY: {
    schema: z.string().optional(),
    example: '"-----BEGIN RSA PRIVATE KEY-----\\n…"',
  },
  PRIVATE_KEY_PATH: { schema: z.string().min(1).optional(), example: "./private-key.pem" },
  WEBHOOK_SECRET: {
    schema: secret.refine((text) => text !== "development", "is Probot's public default"),
    example: "the output of `openssl rand -hex 32`",
  },
  HOST: { schema: z.string().min(1).default("127.0.0.1"), example: "0.0.0.0" },
  PORT: { schema: z.coerce.number().int().min(0).max(65_535).default(3000), example: "3000" },
  PUBLIC_URL: { schema: url.optional(), example: "https://tailguard.example.com" },
  GITHUB_URL: { schema: url.default("https://github.com"), example: "https://github.example.com" },
  GITHUB_PACING: { schema: z.enum(["github", "none"]).default("github"), example: "github" },
  DATA_DIR: { schema: z.string().min(1).default("./.tailguard"), example: "/var/lib/tailguard" },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    example: "postgres://tailguard:…@db.example.com/tailguard",
  },
  RUNNERS: { schema: z.enum(["local", "none"]).default("local"), example: "local" },
  RUNNER_TOKEN: { schema: secret.optional(), example: "the output of `openssl rand -hex 32`" },
  SANDBOX: {
    schema: z.enum(["required", "preferred", "off"]).default("required"),
    example: "required",
  },
  MEMORY_MIB: { schema: z.coerce.number().int().min(512).optional(), example: "8192" },
  LOG_LEVEL: {
    schema: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    example: "info",
  },
  BUDGET: { schema: duration.default(300), example: "5m" },
  MAX_BUDGET: { schema: duration.default(1800), example: "30m" },
  DRAFTS: { schema: z.enum(["measure", "skip"]).default("measure"), example: "measure" },
  BOTS: { schema: z.enum(["measure", "skip"]).default("measure"), example: "measure" },
  COMMENTS: {
    schema: z.enum(["regressions", "always", "never"]).default("regressions"),
    example: "regressions",
  },
} satisfies Record<string, Variable>;

/** The names of the variables the server reads, as .env.example must list them. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(VARIABLES);

export type Settings = {
  readonly appId: number;
  /** PEM text of the App's private key. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where people reach the pages, without a trailing slash; absent means http://HOST:PORT. */
  readonly publicUrl?: string;
  /** github.com, a GitHub Enterprise server, or the simulated GitHub; without a trailing slash. */
  readonly githubUrl: string;
  /** "none" leaves out the pauses GitHub asks for between writes. */
  readonly pacing: "github" | "none";
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly runners: "local" | "none";
  /** What runners on other machines present; absent when none are allowed. */
  readonly runnerToken?: string;
  readonly sandbox: "required" | "preferred" | "off";
  /** Memory that runs of the local runner may reckon with; absent: all of the machine's. */
  readonly memoryMib?: number;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Wall time for measuring one pull request, where its configuration names none. */
  readonly budgetSeconds: number;
  /** The most that a configuration may name. */
  readonly maxBudgetSeconds: number;
  /** Whether draft pull requests are measured by themselves. */
  readonly drafts: "measure" | "skip";
  /** Whether pull requests that bots opened are measured by themselves. */
  readonly bots: "measure" | "skip";
  /** When a pull request gets a comment: at a regression, with every result, or never. */
  readonly comments: "regressions" | "always" | "never";
};

/** Settings from `environment`; throws one UserError TG_SETTINGS that lists every problem. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const values = readVariables(environment, problems);
  const privateKey = readPrivateKey(values, problems);
  if (values.RUNNERS === "none" && !environment.RUNNER_TOKEN?.trim())
    problems.push(
      problem("RUNNER_TOKEN", "is needed when RUNNERS=none: nobody could run anything"),
    );
  if (problems.length > 0) {
    throw new UserError("TG_SETTINGS", `The settings have problems:\n${problems.join("\n")}`, {
      hint: "Set these variables in the environment of the server; .env.example explains each.",
    });
  }
  return {
    appId: Number(values.APP_ID),
    privateKey,
    webhookSecret: values.WEBHOOK_SECRET,
    host: values.HOST,
    port: values.PORT,
    ...(values.PUBLIC_URL === undefined ? {} : { publicUrl: values.PUBLIC_URL }),
    githubUrl: values.GITHUB_URL,
    pacing: values.GITHUB_PACING,
    dataDir: resolve(values.DATA_DIR),
    ...(values.DATABASE_URL === undefined ? {} : { databaseUrl: values.DATABASE_URL }),
    runners: values.RUNNERS,
    ...(values.RUNNER_TOKEN === undefined ? {} : { runnerToken: values.RUNNER_TOKEN }),
    sandbox: values.SANDBOX,
    ...(values.MEMORY_MIB === undefined ? {} : { memoryMib: values.MEMORY_MIB }),
    logLevel: values.LOG_LEVEL,
    budgetSeconds: values.BUDGET,
    maxBudgetSeconds: values.MAX_BUDGET,
    drafts: values.DRAFTS,
    bots: values.BOTS,
    comments: values.COMMENTS,
  };
}

type Values = { [Name in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[Name]["schema"]> };

/** An empty variable counts as unset: compose files and unit files write them that way. */
function readVariables(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Values {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(VARIABLES)) {
    const text = environment[name]?.trim();
    const parsed = variable.schema.safeParse(text === "" ? undefined : text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(problem(name, parsed.error.issues[0]?.message ?? "is not valid"));
  }
  return values as Values;
}

function readPrivateKey(values: Values, problems: string[]): string {
  if (values.PRIVATE_KEY !== undefined && values.PRIVATE_KEY_PATH !== undefined)
    problems.push("  PRIVATE_KEY and PRIVATE_KEY_PATH are both set: keep one of them");
  if (values.PRIVATE_KEY !== undefined) {
    // Files of variables cannot hold line ends, so the key is often written with "\n" in it.
    const text = values.PRIVATE_KEY.replaceAll("\\n", "\n");
    if (!PEM.test(text)) problems.push(problem("PRIVATE_KEY", "is not a PEM private key"));
    return text;
  }
  if (values.PRIVATE_KEY_PATH === undefined) {
    problems.push(problem("PRIVATE_KEY_PATH", "is not set, nor is PRIVATE_KEY"));
    return "";
  }
  try {
    const text = readFileSync(values.PRIVATE_KEY_PATH, "utf8");
    if (!PEM.test(text))
      problems.push(problem("PRIVATE_KEY_PATH", `names ${values.PRIVATE_KEY_PATH}, not a PEM key`));
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problems.push(problem("PRIVATE_KEY_PATH", `cannot be read: ${why}`));
    return "";
  }
}

function problem(name: keyof typeof VARIABLES | string, what: string): string {
  const example = (VARIABLES as Record<string, Variable>)[name]?.example ?? "";
  return `  ${name} ${what} (example: ${name}=${example})`;
}
