// One line on a terminal that says what a run is doing; nothing in a pipe.
import type { Progress } from "../evidence/progress.ts";

type Stream = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

const STAGES: Readonly<Record<Progress["stage"], string>> = {
  checkout: "checking out",
  build: "building",
  measure: "measuring",
  profile: "profiling",
  analyze: "analyzing",
};

/** Erases the line and returns to its start (ECMA-48, EL 2). */
const CLEAR = "\r\u001b[2K";

/** Shows progress on `stream` when it is a terminal. */
export function terminalProgress(stream: Stream): {
  show: (progress: Progress) => void;
  clear: () => void;
} {
  if (stream.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  return {
    show: ({ stage, done, total, text }) => {
      const count = total > 0 ? ` ${Math.min(done + 1, total)}/${total}` : "";
      const line = `${STAGES[stage]}${count}  ${printable(text)}`;
      stream.write(CLEAR + line.slice(0, Math.max(20, (stream.columns ?? 80) - 1)));
    },
    clear: () => void stream.write(CLEAR),
  };
}

/** Benchmark names are strangers' text: no control character of theirs reaches the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
