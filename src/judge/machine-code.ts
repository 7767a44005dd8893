// What the sizes of a function's machine code and stack frame say about a metric: little.
//
// Longer code is not slower code, so a size alone decides nothing: it is no second key, it orders
// functions that all else leaves equal, and a function of which nothing else is known is named only
// where nothing better is, without the profile's proof. It tells a reader why "the source did not
// change" is no contradiction.
import type { MachineCodeFinding } from "../analyze/source-finding.ts";
import type { Suspect } from "./suspects.ts";
import type { JudgedMetric } from "./verdict.ts";

/** Whether a source changed or a decision flipped; the others are only compiled otherwise. */
export function isMoreThanCode(suspect: Suspect): boolean {
  return suspect.declarations.length + suspect.decisions.length > 0;
}

/** Whether the code or its frame grew where a metric rose, or shrank where it fell. */
export function codeMovedWith({ code }: Suspect, metric: JudgedMetric): boolean {
  if (code === undefined) return false;
  const { base, head } = code;
  const sizes = [
    Number(head.growsStack) - Number(base.growsStack),
    head.frameBytes - base.frameBytes,
    head.textBytes - base.textBytes,
  ];
  // The first that differs: a stack that must be checked costs more surely than a longer text.
  const first = sizes.find((difference) => difference !== 0) ?? 0;
  return Math.sign(first) === Math.sign(metric.change);
}

/** "312 → 448 bytes of machine code, stack frame 40 → 88 bytes, now checks the size of its stack". */
export function codeWords({ base, head }: MachineCodeFinding): string {
  const words: string[] = [];
  if (base.textBytes !== head.textBytes) {
    words.push(`${base.textBytes} → ${head.textBytes} bytes of machine code`);
  }
  if (base.frameBytes !== head.frameBytes) {
    words.push(`stack frame ${base.frameBytes} → ${head.frameBytes} bytes`);
  }
  if (base.growsStack !== head.growsStack) {
    words.push(`${head.growsStack ? "now" : "no longer"} checks the size of its stack`);
  }
  return words.join(", ");
}
