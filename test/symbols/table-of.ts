// Symbol tables from columns of text, for tests: one symbol a line,
//   name  hash  uses…  [methods: …]  [interfaces: …]
// Names that are used and stand on no line are outside the table.
import { createHash } from "node:crypto";
import type { SymbolTable } from "../../src/symbols/table.ts";

/** @param text an empty hash, "-", stands for that of all functions without bytes of their own. */
export function tableOf(text: string, importPath = "p"): SymbolTable {
  const names: string[] = [];
  const indexOf = (name: string) => {
    const known = names.indexOf(name);
    return known >= 0 ? known : names.push(name) - 1;
  };
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const symbols = lines.map((line) => {
    const [name = "", content = "", ...rest] = line.trim().split(/\s+/);
    const groups = { uses: [] as number[], methods: [] as number[], interfaces: [] as number[] };
    let group: keyof typeof groups = "uses";
    for (const word of rest) {
      if (word === "methods:" || word === "interfaces:") group = word.replace(":", "") as "methods";
      else groups[group].push(indexOf(word));
    }
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 32);
    const kind = /^(type:|go:itab|data\.)/.test(name) ? ("data" as const) : ("text" as const);
    return { name: indexOf(name), package: 0, kind, size: 1, frame: 0, hash, ...groups };
  });
  const packages = [{ importPath, hasAssembly: false }];
  return { schema: "tailguard.symbols/1", problem: "", packages, names, symbols };
}
