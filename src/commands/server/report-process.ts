// The analysis of evidence, in a process of its own.
//
// Evidence comes from machines that ran strangers' code. A profile that unpacks to gigabytes or a
// parser that loops must not stop webhooks, so `tailguard report` runs as a child with no secret
// in its environment and limits on its time and memory; what it wrote is validated like anything
// else from outside. A worker thread was rejected: it shares the process's memory and its fate.
import { type ChildProcess, spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type CheckRunDraft, checkRunDraftSchema } from "../../report/check-run-draft.ts";
import { type Conversation, conversationSchema } from "../../report/conversation-draft.ts";
import { reportSchema } from "../../report/report-schema.ts";
import { ownArguments, scrubbedEnvironment } from "./own-command.ts";

/** A bundle of the largest size is analyzed in well under a minute. */
const TIME_LIMIT_MS = 5 * 60_000;
/** The kernel's own limits stay when the server is killed and its timer with it. */
const CPU_SECONDS = 300;
/** V8's heap; and all private memory, since profiles are decoded outside of the heap. */
const HEAP_MEGABYTES = 1_536;
const MEMORY_KILOBYTES = 6 * 1024 * 1024;
/** A report of 10,000 benchmarks has about 20 MB. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** The end of what the child printed, for the log. */
const MAX_OUTPUT = 8_000;

export type AnalyzedFiles = {
  readonly reportJson: Buffer;
  readonly reportHtml: Buffer;
  readonly draft: CheckRunDraft;
  readonly conversation: Conversation;
};

/** Runs `tailguard report`; throws with the end of its output when it gives no usable report. */
export async function analyzeInChild(options: {
  readonly evidenceDir: string;
  readonly outDir: string;
  readonly detailsUrl: string;
  readonly signal: AbortSignal;
  readonly historyFile?: string | undefined;
  readonly calibrationFile?: string | undefined;
  readonly waiversFile?: string | undefined;
  /** Where the child works: the configurations are named relative to it, as people know them. */
  readonly workDir: string;
  readonly configFile?: string | undefined;
  readonly previewFile?: string | undefined;
  /** The day that waivers are held against. */
  readonly today: string;
}): Promise<AnalyzedFiles> {
  const { evidenceDir, outDir, detailsUrl } = options;
  const args = ["report", evidenceDir, "--out", outDir, "--details-url", detailsUrl];
  args.push("--today", options.today);
  const known = [
    ["--history", options.historyFile],
    ["--calibration", options.calibrationFile],
    ["--waivers", options.waiversFile],
    ["--config", options.configFile],
    ["--preview", options.previewFile],
  ] as const;
  for (const [option, file] of known) if (file !== undefined) args.push(option, file);
  const ended = await runLimited([...args, "--format", "json"], options);
  try {
    // Exit codes 1 and 2 are verdicts, so the files decide whether there is one.
    const reportJson = await readBounded(join(outDir, "report.json"));
    const checkRun = await readBounded(join(outDir, "check-run.json"));
    const conversation = await readBounded(join(outDir, "conversation.json"));
    reportSchema.loose().parse(JSON.parse(reportJson.toString("utf8")));
    return {
      reportJson,
      reportHtml: await readBounded(join(outDir, "report.html")),
      draft: checkRunDraftSchema.parse(JSON.parse(checkRun.toString("utf8"))),
      conversation: conversationSchema.parse(JSON.parse(conversation.toString("utf8"))),
    };
  } catch (cause) {
    throw new Error(`the analysis gave no report (${ended.how}): ${ended.output}`, { cause });
  }
}

async function readBounded(file: string): Promise<Buffer> {
  const { size } = await stat(file);
  if (size > MAX_FILE_BYTES) throw new Error(`${file} has ${size} bytes`);
  return readFile(file);
}

async function runLimited(
  args: readonly string[],
  { signal, workDir }: { readonly signal: AbortSignal; readonly workDir: string },
): Promise<{ readonly how: string; readonly output: string }> {
  const node = [process.execPath, `--max-old-space-size=${HEAP_MEGABYTES}`, ...ownArguments(args)];
  const limits = `ulimit -t ${CPU_SECONDS}; ulimit -d ${MEMORY_KILOBYTES}; exec "$@"`;
  const child = spawn("/bin/sh", ["-c", limits, "sh", ...node], {
    cwd: workDir,
    env: scrubbedEnvironment(process.env),
    // What is printed is the report again; only complaints are kept.
    stdio: ["ignore", "ignore", "pipe"],
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
    signal,
  });
  return outcomeOf(child);
}

function outcomeOf(child: ChildProcess): Promise<{ how: string; output: string }> {
  let output = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-MAX_OUTPUT);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, ended) =>
      resolve({ how: ended === null ? `exit code ${code}` : `ended by ${ended}`, output }),
    );
  });
}
