// The pages people see: the recent runs, one run, and a word for load balancers.
//
// Everything shown comes from pull requests, so it is escaped by the template and the browser is
// told to run nothing: no script, no request to anywhere, no frame. The stored report.html is held
// to the same policy; it has its styles and pictures inside.
import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Progress } from "../evidence/progress.ts";
import { renderTemplate, type TemplateTexts } from "../report/template-engine.ts";

export type RunSummary = {
  readonly id: string;
  readonly repository: string;
  /** 0 for the default branch. */
  readonly pullRequest: number;
  readonly headSha: string;
  readonly attempt: number;
  readonly state: string;
  /** Empty until the run is completed. */
  readonly conclusion: string;
  readonly title: string;
  readonly createdAt: Date;
};

export type RunPage = {
  readonly summary: RunSummary;
  readonly progress?: Progress;
  /** The stored report.html; absent when there is none (yet, or ever). */
  report?(): Readable;
};

export type PageSource = {
  readonly templates: TemplateTexts;
  /** The newest first. */
  runs(limit: number): Promise<readonly RunSummary[]>;
  run(id: string): Promise<RunPage | undefined>;
  /** Throws when the server cannot work. */
  checkHealth(): Promise<void>;
};

const RUNS_SHOWN = 50;

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const HEADERS = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** Registers / and /runs/:id and /healthz. */
export function registerPages(app: FastifyInstance, source: PageSource): void {
  app.get("/", async (_request, reply) => {
    const runs = await source.runs(RUNS_SHOWN);
    return html(reply, source.templates, "runs", { runs: runs.map(shown) });
  });
  app.get("/runs/:id", async (request, reply) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    // A word that is no id names no run: it is not found, it is not an error.
    const page = z.uuid().safeParse(id).success ? await source.run(id) : undefined;
    if (page === undefined) return reply.callNotFound();
    const report = page.report?.();
    if (report !== undefined)
      return reply.headers(HEADERS).type("text/html; charset=utf-8").send(report);
    return html(reply, source.templates, "run", {
      run: shown(page.summary),
      progress: page.progress === undefined ? null : stage(page.progress),
      isOver: page.summary.state === "completed",
    });
  });
  app.get("/healthz", async (_request, reply) => {
    try {
      await source.checkHealth();
      return { status: "ok" };
    } catch (error) {
      app.log.error({ err: error }, "the health check failed");
      return reply.code(503).send({ status: "failing" });
    }
  });
}

function html(
  reply: FastifyReply,
  templates: TemplateTexts,
  name: string,
  context: object,
): FastifyReply {
  const text = renderTemplate(templates, name, "html", context);
  return reply.headers(HEADERS).type("text/html; charset=utf-8").send(text);
}

function shown(run: RunSummary) {
  return {
    ...run,
    place:
      run.pullRequest === 0 ? `${run.repository} main` : `${run.repository}#${run.pullRequest}`,
    shortSha: run.headSha.slice(0, 10),
    outcome: run.conclusion === "" ? run.state : run.conclusion,
    createdAt: `${run.createdAt.toISOString().slice(0, 16).replace("T", " ")} UTC`,
  };
}

function stage(progress: Progress) {
  const count = progress.total > 0 ? `${progress.done} of ${progress.total}` : "";
  return { stage: progress.stage, count, text: progress.text };
}
