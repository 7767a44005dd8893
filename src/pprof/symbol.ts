// What a name in a profile stands for: its package, its function as syntax declares it, and a key
// under which base and head are matched.
//
// The linker writes "example.com/m.(*List[...]).Each.func1.2": import path (with "%2e" for dots in
// its last element), receiver, type arguments, and numbered closures (cmd/compile, func `closureName`
// in ir/func.go; cmd/internal/objabi, `PathToPrefix`). Type arguments are dropped: a profile shows
// them as "[...]", the compiler as "go.shape.int", syntax not at all. Closures are counted in the
// order of the text, so one added above renumbers the rest: the key leaves their numbers out.

export type GoSymbol = {
  /** Import path; empty for names that are not Go's, "[libc.so.6]" for one. */
  readonly package: string;
  /** Within its package, without type arguments: "(*List).Each.func1.2", "Config.String". */
  readonly function: string;
  /**
   * The declaration whose text holds it: "(*List).Each". A closure of a function that was inlined
   * is named "Caller.Callee.func1" and gives "Caller.Callee", which may or may not be a method.
   */
  readonly declaration: string;
  /** Package and function without the numbers of closures: equal for what is the same function. */
  readonly key: string;
};

const CLOSURE = /^(func|gowrap|deferwrap)\d+(-range\d+)*$/;
const NUMBERED = /[\d-]/;
const NUMBER = /^\d+$/;
/** Bodies of range-over-func loops, and method values. */
const SUFFIX = /(-range\d+|-fm)+$/;

/** Never throws: a name that is not Go's comes back whole as the function, without a package. */
export function parseSymbol(name: string): GoSymbol {
  const plain = withoutTypeArguments(name);
  const slash = plain.lastIndexOf("/");
  const dot = plain.indexOf(".", slash + 1);
  if (dot <= 0 || plain.startsWith("[")) {
    return { package: "", function: name, declaration: name, key: name };
  }
  const importPath = unescapePath(plain.slice(0, dot));
  const inPackage = plain.slice(dot + 1);
  // Closures, loops, initializers and method values all have a digit or a dash.
  if (!NUMBERED.test(inPackage)) {
    const key = `${importPath}.${inPackage}`;
    return { package: importPath, function: inPackage, declaration: inPackage, key };
  }
  return {
    package: importPath,
    function: inPackage,
    declaration: declarationOf(inPackage),
    key: `${importPath}.${withoutClosureNumbers(inPackage)}`,
  };
}

/** The name people and the other findings use: "example.com/m.(*List).Each.func1". */
export function displayName(symbol: GoSymbol): string {
  return symbol.package === "" ? symbol.function : `${symbol.package}.${symbol.function}`;
}

/** The full name of the declaration that the code stands in: closures belong to their function. */
export function declarationName({ package: importPath, declaration }: GoSymbol): string {
  return importPath === "" ? declaration : `${importPath}.${declaration}`;
}

/** Balanced brackets that follow a name are type arguments; anything unbalanced is left alone. */
function withoutTypeArguments(name: string): string {
  let open = name.indexOf("[", 1);
  if (open < 0) return name;
  let result = name.slice(0, open);
  while (open >= 0) {
    const close = closingBracket(name, open);
    if (close < 0) return result + name.slice(open);
    const next = name.indexOf("[", close + 1);
    result += name.slice(close + 1, next < 0 ? undefined : next);
    open = next;
  }
  return result;
}

function closingBracket(name: string, open: number): number {
  let depth = 0;
  for (let at = open; at < name.length; at++) {
    if (name[at] === "[") depth++;
    else if (name[at] === "]" && --depth === 0) return at;
  }
  return -1;
}

/** Number of leading parts, cut at dots, that belong to the declaration. */
function declaredParts(parts: readonly string[]): number {
  if (parts[0]?.startsWith("(")) return 2;
  // Package initializers are numbered by the compiler, and so they are in our reading of syntax.
  return parts[0] === "init" && NUMBER.test(parts[1] ?? "") ? 2 : 1;
}

function declarationOf(inPackage: string): string {
  const parts = inPackage.split(".");
  const first = declaredParts(parts);
  const closure = parts.findIndex((part, at) => at >= first && CLOSURE.test(part));
  const declared = closure < 0 ? parts : parts.slice(0, closure);
  return declared.join(".").replace(SUFFIX, "");
}

function withoutClosureNumbers(inPackage: string): string {
  const parts = inPackage.split(".");
  const first = declaredParts(parts);
  return parts
    .map((part, at) => (at < first ? part : part.replace(/^(func|gowrap|deferwrap|)\d+/, "$1")))
    .map((part) => part.replace(/-range\d+/g, "-range"))
    .join(".");
}

/** "gopkg.in/yaml%2ev3" is "gopkg.in/yaml.v3". */
function unescapePath(path: string): string {
  if (!path.includes("%")) return path;
  return path.replace(/%([0-9a-f]{2})/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : whole;
  });
}
