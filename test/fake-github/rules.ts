// What GitHub refuses although its description does not say so in a form a validator reads:
// limits written in prose, and fields that need each other. Each rule names its source.
import { asFields, type Fields } from "./fields.ts";

/** Every rule of this operation that the body breaks. */
export function ruleProblems(operation: string, body: unknown): string[] {
  const fields = asFields(body);
  switch (operation) {
    case "checks/create":
    case "checks/update":
      return checkRunProblems(fields);
    case "issues/create-comment":
    case "issues/update-comment":
      return bodyProblems("body", fields.body);
    case "pulls/create-review":
      return reviewProblems(fields);
    default:
      return [];
  }
}

function checkRunProblems(body: Fields): string[] {
  const output = asFields(body.output);
  const annotations = Array.isArray(output.annotations) ? output.annotations.map(asFields) : [];
  return [
    // "Required if you provide completed_at or a status of completed."
    ...(body.status === "completed" && body.conclusion === undefined
      ? ["status completed without a conclusion"]
      : []),
    // "Providing conclusion will automatically set the status parameter to completed."
    ...(body.conclusion !== undefined && body.status !== undefined && body.status !== "completed"
      ? [`a conclusion with status ${String(body.status)}`]
      : []),
    ...(body.conclusion === "stale" ? ["only GitHub can set stale"] : []),
    ...urlProblems(body.details_url),
    ...tooLong("name", body.name, 255),
    ...tooLong("output.title", output.title, 255),
    ...annotations.flatMap(annotationProblems),
  ];
}

function annotationProblems(annotation: Fields, at: number): string[] {
  const place = `annotation ${at}`;
  const { start_line: start, end_line: end } = annotation;
  const isOneLine = start === end;
  return [
    // "Line numbers start at 1."
    ...(typeof start === "number" && start < 1 ? [`${place}: start_line below 1`] : []),
    ...(typeof start === "number" && typeof end === "number" && end < start
      ? [`${place}: ends before it starts`]
      : []),
    // "Annotations only support start_column and end_column on the same line."
    ...(!isOneLine && (annotation.start_column ?? annotation.end_column) !== undefined
      ? [`${place}: columns over several lines`]
      : []),
    ...(annotation.path === "" ? [`${place}: an empty path`] : []),
    ...tooLong(`${place}: title`, annotation.title, 255),
    // "The maximum size is 64 KB."
    ...tooLong(`${place}: message`, annotation.message, 65_536),
    ...tooLong(`${place}: raw_details`, annotation.raw_details, 65_536),
  ];
}

/** "Body can't be blank", and "is too long (maximum is 65536 characters)". */
function bodyProblems(field: string, body: unknown): string[] {
  const isBlank = typeof body !== "string" || body.trim() === "";
  return isBlank ? [`${field} is blank`] : tooLong(field, body, 65_536);
}

function reviewProblems(review: Fields): string[] {
  const comments = Array.isArray(review.comments) ? review.comments.map(asFields) : [];
  return [
    // "By leaving this blank, you set the review action state to PENDING", which nobody sees.
    ...(review.event === undefined ? ["a review without an event is never shown"] : []),
    // "Required when using REQUEST_CHANGES or COMMENT."
    ...bodyProblems("body", review.body),
    ...comments.flatMap((comment, at) => [
      ...bodyProblems(`comment ${at}: body`, comment.body),
      ...(comment.line === undefined && comment.position === undefined
        ? [`comment ${at}: neither line nor position`]
        : []),
      // "pull_request_review_thread.start_line must precede the end line."
      ...(comment.start_line !== undefined && Number(comment.start_line) >= Number(comment.line)
        ? [`comment ${at}: start_line does not precede line`]
        : []),
      ...(comment.side !== undefined && !["LEFT", "RIGHT"].includes(String(comment.side))
        ? [`comment ${at}: side ${String(comment.side)}`]
        : []),
    ]),
  ];
}

function urlProblems(url: unknown): string[] {
  if (url === undefined) return [];
  const isWeb = typeof url === "string" && /^https?:\/\//.test(url) && URL.canParse(url);
  return isWeb ? [] : ["details_url must use the http or https scheme"];
}

/** Counted in UTF-8 bytes, the strictest reading of "characters". */
function tooLong(field: string, value: unknown, limit: number): string[] {
  if (typeof value !== "string" || Buffer.byteLength(value) <= limit) return [];
  return [`${field} is longer than ${limit}`];
}
