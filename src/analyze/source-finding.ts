// What the syntax trees, the compiler and the symbols say of the code of base and head: findings that
// need no clock.
import type { Frame } from "./profile-finding.ts";
import type { Position } from "./subject.ts";

/** A declaration that differs once positions, comments and formatting are ignored. */
export type DeclarationFinding = {
  readonly kind: "declaration";
  readonly package: string;
  /** As the runtime names it within its package: "Parse", "(*Parser).skip", "Config.String". */
  readonly function: string;
  readonly declaration: "func" | "type" | "var" | "const";
  readonly change: "changed" | "added" | "removed" | "signature";
  readonly base?: Position;
  readonly head?: Position;
  /** Its name on base where that is another: renamed, or a method on another receiver. */
  readonly previousName?: string;
  /** What changed in it, most telling first; empty or absent where its trees were not compared. */
  readonly changes?: readonly SyntaxChange[];
};

/** One thing that changed in a declaration, as a reader of the diff would put it. */
export type SyntaxChange = {
  /** What costs or saves by it: `src/analyze/ast/fact-catalog.ts` has them by group. */
  readonly group:
    | "work"
    | "allocation"
    | "lock"
    | "scheduling"
    | "unsafe"
    | "signature"
    | "directive"
    | "other";
  /** "worse" costs time or memory as a rule, "better" saves it. */
  readonly direction: "worse" | "better" | "neutral";
  /** A sentence without capital and full stop: "a loop was added inside the loop". */
  readonly text: string;
  readonly position: Position;
  readonly side: "base" | "head";
};

/**
 * SemanticBridgeBroken: a conversion through unsafe.Pointer that head breaks and base did not, by the
 * rules of package unsafe or, where `check` says so, seen at run time by -d=checkptr=2.
 */
export type BridgeFinding = {
  readonly kind: "bridge";
  readonly package: string;
  readonly function: string;
  readonly problem:
    | "uintptr-to-pointer"
    | "string-as-slice"
    | "header-by-hand"
    | "lost-step"
    | "checkptr";
  /** One sentence for a person: what is wrong and what may come of it. */
  readonly text: string;
  readonly position: Position;
  /** The run that failed: which benchmark or tests, and where it stood, innermost first. */
  readonly check?: { readonly ran: string; readonly frames: readonly Frame[] };
};

/** The compiler decided differently about a function. */
export type DecisionFinding = {
  readonly kind: "decision";
  readonly package: string;
  readonly function: string;
  readonly decision: "inlining" | "inlined-call" | "escape" | "bounds-check";
  /** "worse" costs time or memory, "better" saves it, "neutral" is neither by itself. */
  readonly direction: "worse" | "better" | "neutral";
  /** The compiler's own words on each side, positions stripped; empty when it said nothing. */
  readonly base: string;
  readonly head: string;
  /** Where to look: the head side where it exists there, else the base side. */
  readonly position: Position;
  readonly side: "base" | "head";
};

/** How large a function's machine code is. */
type CodeSize = {
  readonly textBytes: number;
  readonly frameBytes: number;
  /** Whether it asks at its start for a larger stack. */
  readonly growsStack: boolean;
};

/** The machine code of a function has another size: it differs, and what that costs is not said. */
export type MachineCodeFinding = {
  readonly kind: "machine-code";
  readonly package: string;
  readonly function: string;
  readonly base: CodeSize;
  readonly head: CodeSize;
  /** Its first line in head. */
  readonly position: Position;
};

/** Which functions a benchmark can reach, of those that changed or were inlined into one that did. */
export type ReachFinding = {
  readonly kind: "reach";
  readonly cell: string;
  readonly package: string;
  /** The benchmark function, "BenchmarkParse". */
  readonly function: string;
  /** Full names, "example.com/m.(*T).Parse": by calls alone, inlined ones included. */
  readonly called: readonly string[];
  /** Those that only an interface may call. */
  readonly possible: readonly string[];
};
