// What the facts of a tree (probe/facts.go) are to a reader, and how much each tells as a cause.
//
// The weights only order what is said of one function; they are no measurement. They follow what
// shows in profiles of real regressions: a loop multiplies, an allocation brings the collector, a
// lock or a pattern compiled per call outweighs arithmetic.
import type { SyntaxChange } from "../source-finding.ts";

export type Fact = {
  /** With its article: "a loop", "an append to a slice without capacity". */
  readonly noun: string;
  readonly group: SyntaxChange["group"];
  readonly weight: number;
  /** Whether it saves where others cost. */
  readonly saves?: true;
};

function fact(noun: string, group: Fact["group"], weight: number): Fact {
  return { noun, group, weight };
}

export const FACTS: Readonly<Record<string, Fact>> = {
  loop: fact("a loop", "work", 9),
  "map-range": fact("a loop over a map", "work", 9),
  "channel-range": fact("a loop over a channel", "scheduling", 9),
  "compile-pattern": fact("the compilation of a regular expression", "work", 10),
  format: fact("formatting", "work", 7),
  reflect: fact("reflection", "work", 7),
  "map-access": fact("a look-up in a map", "work", 6),
  "map-delete": fact("a deletion from a map", "work", 4),
  /** Of the built-in function, or the loop over a map that the compiler makes one of (Go 1.11). */
  clear: fact("a `clear`", "work", 4),
  clock: fact("a reading of the clock", "work", 5),
  copy: fact("a copy", "work", 3),
  switch: fact("a switch", "work", 2),
  "type-switch": fact("a switch over types", "work", 2),
  "type-assertion": fact("a type assertion", "work", 2),
  condition: fact("a condition", "work", 2),
  defer: fact("a defer", "work", 5),
  recover: fact("a recover", "work", 3),
  "make-slice": fact("a `make` of a slice", "allocation", 7),
  "make-map": fact("a `make` of a map", "allocation", 7),
  "make-channel": fact("a `make` of a channel", "allocation", 6),
  make: fact("a `make`", "allocation", 6),
  new: fact("a `new`", "allocation", 6),
  "pointer-literal": fact("a pointer to a new value", "allocation", 6),
  "slice-literal": fact("a slice literal", "allocation", 5),
  "map-literal": fact("a map literal", "allocation", 6),
  append: fact("an `append`", "allocation", 5),
  "append-without-capacity": fact("an `append` to a slice without capacity", "allocation", 7),
  closure: fact("a function literal", "allocation", 5),
  concatenation: fact("a concatenation of strings", "allocation", 6),
  "string-to-bytes": fact("a conversion of a string to bytes", "allocation", 6),
  "bytes-to-string": fact("a conversion of bytes to a string", "allocation", 6),
  boxing: fact("a value put into an interface", "allocation", 5),
  variadic: fact("a slice of variadic arguments", "allocation", 4),
  "pool-get": { noun: "an object from a pool", group: "allocation", weight: 7, saves: true },
  "pool-put": {
    noun: "the return of an object to its pool",
    group: "allocation",
    weight: 4,
    saves: true,
  },
  lock: fact("a lock", "lock", 7),
  unlock: { noun: "an unlock", group: "lock", weight: 1, saves: true },
  go: fact("a goroutine", "scheduling", 8),
  send: fact("a send to a channel", "scheduling", 7),
  receive: fact("a receive from a channel", "scheduling", 7),
  select: fact("a `select`", "scheduling", 7),
  close: fact("the closing of a channel", "scheduling", 2),
  "pointer-cast": {
    noun: "a conversion through `unsafe.Pointer`",
    group: "unsafe",
    weight: 5,
    saves: true,
  },
  "unsafe-arithmetic": {
    noun: "arithmetic on an `unsafe.Pointer`",
    group: "unsafe",
    weight: 4,
    saves: true,
  },
  "bounds-hint": {
    noun: "a check that spares the bounds checks after it",
    group: "work",
    weight: 7,
    saves: true,
  },
  "allocating-call": fact("a call that allocates", "allocation", 6),
  unsafe: { noun: "a call of package `unsafe`", group: "unsafe", weight: 4, saves: true },
};

/**
 * Functions of the standard library whose result is always, or nearly always, new memory, as their
 * documentation or body says; package by its last element.
 */
export const ALLOCATING_CALLS: ReadonlySet<string> = new Set([
  ...["Split", "SplitN", "SplitAfter", "Fields", "FieldsFunc", "Join", "Repeat", "Replace"].flatMap(
    (name) => [`strings.${name}`, `bytes.${name}`],
  ),
  ...["ReplaceAll", "ToUpper", "ToLower", "Title", "Map", "Clone"].flatMap((name) => [
    `strings.${name}`,
    `bytes.${name}`,
  ]),
  ...["strings.NewReader", "strings.NewReplacer", "bytes.NewBuffer", "bytes.NewReader"],
  ...["bytes.NewBufferString", "bufio.NewReader", "bufio.NewWriter", "bufio.NewScanner"],
  ...["strconv.Itoa", "strconv.FormatInt", "strconv.FormatUint", "strconv.FormatFloat"],
  ...[
    "strconv.Quote",
    "strconv.Unquote",
    "errors.New",
    "errors.Join",
    "big.NewInt",
    "big.NewFloat",
  ],
  ...["sort.Slice", "sort.SliceStable", "slices.Clone", "slices.Concat", "slices.Collect"],
  ...["slices.Sorted", "slices.Insert", "maps.Clone", "io.ReadAll", "os.ReadFile", "url.Parse"],
  ...["json.Marshal", "json.Unmarshal", "json.NewEncoder", "json.NewDecoder", "hex.EncodeToString"],
  ...["base64.NewEncoding", "context.WithCancel", "context.WithTimeout", "context.WithValue"],
  ...["time.NewTimer", "time.NewTicker", "time.After", "time.AfterFunc", "list.New", "rand.New"],
]);

/** A function that is called: its name stands in the text. */
export const CALL: Fact = fact("a call", "work", 3);

/** The facts that make what stands in their block run many times. */
export const LOOPS: ReadonlySet<string> = new Set(["loop", "map-range", "channel-range"]);
