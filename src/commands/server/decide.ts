// Which command does what. Help and explain are for everybody; what costs machine time or decides
// about a merge is for people with write access, by GitHub's word at this moment.
import { helpAnswer, SHORT_ANSWERS, unknownAnswer } from "../../report/answers.ts";
import { type Decision, declines, type RequestTrigger, says } from "./answer.ts";
import type { ServerContext } from "./context.ts";
import { decideAccept } from "./decide-accept.ts";
import { decideExplain } from "./decide-explain.ts";
import { decideApprove, decideCancel, decideRerun, decideRun } from "./decide-runs.ts";

export async function decide(context: ServerContext, request: RequestTrigger): Promise<Decision> {
  const { command } = request;
  switch (command.kind) {
    case "help":
      return says(request, { reaction: "+1", body: helpAnswer() });
    case "unknown":
      return says(request, { reaction: "confused", body: unknownAnswer(command.problem) });
    case "explain":
      return decideExplain(context, request, command.name);
    default:
      return decideForWriters(context, request);
  }
}

async function decideForWriters(
  context: ServerContext,
  request: RequestTrigger,
): Promise<Decision> {
  const { command, by, repository, requestedBy } = request;
  const permission = await context.github.permission(repository, requestedBy);
  // No words for strangers: the reaction says enough, and help says who may.
  if (permission !== "admin" && permission !== "write") {
    return says(request, { reaction: "confused" });
  }
  if (by.kind === "comment" && !by.isOpen) return declines(request, SHORT_ANSWERS.closed);
  switch (command.kind) {
    case "run":
      return decideRun(context, request, { options: command.options });
    case "calibrate":
      return decideRun(context, request, { options: {}, isCalibration: true });
    case "rerun":
      return decideRerun(context, request);
    case "cancel":
      return decideCancel(request);
    case "approve":
      return decideApprove(context, request, command.sha);
    case "accept":
      return decideAccept(context, request, command);
    case "accept-all":
      return decideAccept(context, request, undefined);
    case "help":
    case "unknown":
    case "explain":
      throw new Error(`${command.kind} is for everybody`);
  }
}
