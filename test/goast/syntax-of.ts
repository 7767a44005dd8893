// Syntax from a few words: `syntaxOf({ "a.go": ["func f 1-3 h1"] })`. A fifth word is the hash of
// the signature, "sig" without one. The package clause is "p", "p_test" for files named x_test.go.
import type { Declaration, Syntax } from "../../src/goast/syntax.ts";

export function syntaxOf(files: Readonly<Record<string, readonly string[]>>): Syntax {
  return {
    schema: "tailguard.syntax/1",
    files: Object.entries(files).map(([path, declarations]) => ({
      path,
      package: path.endsWith("x_test.go") ? "p_test" : "p",
      declarations: declarations.map(declarationOf),
      problems: [],
    })),
  };
}

function declarationOf(text: string): Declaration {
  const [kind, name, lines, hash, signature = "sig"] = text.split(" ");
  const [start, end] = (lines ?? "").split("-").map(Number);
  const declaration = {
    kind: kind as Declaration["kind"],
    name: name ?? "",
    startLine: start ?? 0,
    endLine: end ?? 0,
    hash: (hash ?? "").padEnd(64, "0"),
  };
  return kind === "func"
    ? { ...declaration, signatureHash: signature.padEnd(64, "0") }
    : declaration;
}
