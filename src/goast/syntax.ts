// What the probe read from the Go files of one side: declarations with hashes that are blind to
// position, comments and formatting. The probe (Go, go/parser) writes it, evidence/ validates it
// with this schema, and analyze/ast and analyze/compiler read it.
import { z } from "zod";

/** 50,000 nodes (maxTreeNodes in probe/limits.go) of at most 15 bytes, in base64. */
const MAX_TREE_CHARS = 1_000_000;

/**
 * Of a declaration that the same file of the other side has byte for byte, and under the same name:
 * nothing else is known of it. As sameHash in probe/beside.go.
 */
export const SAME_HASH = "0".repeat(64);

const declarationSchema = z.object({
  kind: z.enum(["func", "type", "var", "const"]),
  /** As the runtime names it within its package: "Parse", "(*Parser).skip", "Config.String". */
  name: z.string().max(1000),
  startLine: z.number().int().positive(),
  endLine: z.number().int().positive(),
  /** SHA-256, hex, of the whole declaration; SAME_HASH where both sides have the same bytes. */
  hash: z.string().length(64),
  /** SHA-256, hex, of a function's receiver, parameters, results and type parameters. */
  signatureHash: z.string().length(64).optional(),
  /** The tree as src/goast/tree.ts reads it, where the other side has no such declaration. */
  tree: z.string().max(MAX_TREE_CHARS).optional(),
});
export type Declaration = z.infer<typeof declarationSchema>;

const MAX_WORD_CHARS = 1000;

/** Checked at once: a pull request has hundreds of thousands of words. */
const wordsSchema = z.custom<string[]>(
  (words) => Array.isArray(words) && words.every(isWord),
  `words are texts of at most ${MAX_WORD_CHARS} characters`,
);

function isWord(word: unknown): boolean {
  return typeof word === "string" && word.length <= MAX_WORD_CHARS;
}

const fileSchema = z.object({
  /** Relative to the repository's root, forward slashes. */
  path: z.string().min(1).max(1000),
  /** The name in the package clause; empty when it could not be read. */
  package: z.string().max(1000),
  declarations: z.array(declarationSchema),
  /** Syntax errors, "line:column: message"; the good declarations are kept all the same. */
  problems: z.array(z.string().max(1000)),
  /** The texts that the file's trees number; absent where it has no tree. */
  words: wordsSchema.optional(),
});
export type SyntaxFile = z.infer<typeof fileSchema>;

export const syntaxSchema = z.object({
  schema: z.literal("tailguard.syntax/1"),
  files: z.array(fileSchema),
});
/** All files the probe was asked to read on one side. */
export type Syntax = z.infer<typeof syntaxSchema>;

/** What no line of "kind first-line last-line name" is. */
const NO_SAME = /^(?!(?:func|type|var|const) [1-9]\d* [1-9]\d* \S+$)[\s\S]/m;

/** Declarations of SAME_HASH, a line each. */
const sameSchema = z.string().refine((text) => text.endsWith("\n") && !NO_SAME.test(text));

/** One line of what `probe syntax` answers: a file. */
export const syntaxLineSchema = z.object({
  /** "both" have the same file. */
  side: z.enum(["base", "head", "both"]),
  /** unpackFile puts `same` among the other declarations. */
  file: fileSchema.extend({ same: sameSchema.optional() }),
});
export type SyntaxLine = z.infer<typeof syntaxLineSchema>;

/** Declarations are unpacked when they are first asked for: of most files nobody asks. */
export function unpackFile({ same = "", declarations, ...file }: SyntaxLine["file"]): SyntaxFile {
  if (same === "") return { ...file, declarations };
  let all: Declaration[] | undefined;
  return {
    ...file,
    get declarations() {
      all ??= merged(unpackSame(same), declarations);
      return all;
    },
  };
}

function unpackSame(same: string): Declaration[] {
  return same
    .slice(0, -1)
    .split("\n")
    .map((line) => {
      const [kind, startLine, endLine, name = ""] = line.split(" ");
      return {
        kind: kind as Declaration["kind"],
        name,
        startLine: Number(startLine),
        endLine: Number(endLine),
        hash: SAME_HASH,
      };
    });
}

/** By their first line; what stands in one line is all the same or all of it is not. */
function merged(same: readonly Declaration[], others: readonly Declaration[]): Declaration[] {
  return [...same, ...others].sort((a, b) => a.startLine - b.startLine);
}
