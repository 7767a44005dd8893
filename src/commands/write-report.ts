// Writes a judged bundle for people and machines: report.json, report.md, report.html, the compared
// profiles, and what the server publishes of it: the check run, and what there is to say in the
// conversation.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Evidence } from "../evidence/evidence.ts";
import type { Judged } from "../pipeline.ts";
import { renderCheckRun } from "../report/check-run.ts";
import { renderConversation } from "../report/conversation.ts";
import { renderHtml } from "../report/html.ts";
import { renderMarkdown } from "../report/markdown.ts";
import type { TemplateTexts } from "../report/template-engine.ts";
import { writeProfiles } from "./write-profiles.ts";

/** Writes the report's files into `dir`, which is made when missing. */
export async function writeReport(
  judged: Judged,
  options: {
    readonly dir: string;
    readonly evidence: Pick<Evidence, "diff" | "packages" | "profiles">;
    readonly templates: TemplateTexts;
    readonly detailsUrl?: string | undefined;
  },
): Promise<void> {
  const { report, findings } = judged;
  const { dir, evidence, templates } = options;
  const shared = {
    report,
    templates,
    diff: evidence.diff,
    ...(options.detailsUrl === undefined ? {} : { detailsUrl: options.detailsUrl }),
  };
  const checkRun = renderCheckRun({ ...shared, findings });
  const conversation = renderConversation(shared);
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(dir, "report.md"), renderMarkdown({ report, templates }));
  const flames = await writeProfiles(evidence, findings, dir);
  await writeFile(join(dir, "report.html"), renderHtml({ report, templates, flames }));
  await writeFile(join(dir, "check-run.json"), `${JSON.stringify(checkRun, null, 2)}\n`);
  await writeFile(join(dir, "conversation.json"), `${JSON.stringify(conversation, null, 2)}\n`);
}
