// What the probe read from the compiler's -S text of one test binary: every symbol of the module's
// packages with a hash of its bytes, and what it refers to by name. The probe (Go) writes it, the
// runner validates it with this schema, and compare-symbols.ts and reachable.ts read it.
import { z } from "zod";

const index = z.number().int().nonnegative();

const symbolSchema = z.object({
  /** Index into `names`. */
  name: index,
  /** Index into `packages`. */
  package: index,
  kind: z.enum(["text", "data"]),
  /** Bytes of code or data, and of a function's stack frame. */
  size: z.number().int().nonnegative(),
  frame: z.number().int().nonnegative(),
  /** 128 bits of SHA-256, hex, over bytes and relocations; blind to names, lines and stack maps. */
  hash: z.string().length(32),
  /** Indexes into `names`, in the order of the relocations. */
  uses: z.array(index),
  /** Methods that only an interface or reflection can call: of types alone. */
  methods: z.array(index),
  /** Types that this function or data turns into an interface value. */
  interfaces: z.array(index),
});
export type CodeSymbol = z.infer<typeof symbolSchema>;

export const symbolTableSchema = z
  .object({
    schema: z.literal("tailguard.symbols/1"),
    /** Why the table may lack something; empty when it is whole. */
    problem: z.string().max(1000),
    packages: z.array(z.object({ importPath: z.string().max(1000), hasAssembly: z.boolean() })),
    /** The linker's names, unique. */
    names: z.array(z.string().max(1000)),
    symbols: z.array(symbolSchema),
  })
  .refine(({ names, packages, symbols }) => {
    const isName = (at: number) => at < names.length;
    return symbols.every(
      (symbol) =>
        isName(symbol.name) &&
        symbol.package < packages.length &&
        symbol.uses.every(isName) &&
        symbol.methods.every(isName) &&
        symbol.interfaces.every(isName),
    );
  }, "an index is out of range");
/** The symbols of one side's test binary. */
export type SymbolTable = z.infer<typeof symbolTableSchema>;

/** Symbols by name. */
export function indexSymbols(table: SymbolTable): ReadonlyMap<string, CodeSymbol> {
  return new Map(table.symbols.map((symbol) => [table.names[symbol.name] ?? "", symbol]));
}
