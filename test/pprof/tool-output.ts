// What `go tool pprof` prints, read back. Names with line breaks would break it; Go's have none.

export type Cost = { readonly flat: number; readonly cum: number };

/** "flat flat% sum% cum cum% name" rows of -top, without its marks for inlined functions. */
export function readTop(text: string): Map<string, Cost> {
  const rows = new Map<string, Cost>();
  for (const line of text.split("\n")) {
    const row =
      /^\s*(-?\d+)[a-zA-Z]*\s+\S+%\s+\S+%\s+(-?\d+)[a-zA-Z]*\s+\S+%\s+(.*?)(?: \((?:partial-)?inline\))?$/.exec(
        line,
      );
    if (row !== null) rows.set(row[3]!, { flat: Number(row[1]), cum: Number(row[2]) });
  }
  return rows;
}

/** Stacks of -traces as "leaf < … < root", with their values added up. */
export function readTraces(text: string): Map<string, number> {
  const traces = new Map<string, number>();
  for (const block of text.split(/^-+\+-+$/m).slice(1)) {
    const lines = block
      .split("\n")
      .filter((line) => line.trim() !== "" && !/^ *[^\s:]+: {2}/.test(line));
    const first = /^\s*(-?\d+)[a-zA-Z]*\s+(.*)$/.exec(lines[0] ?? "");
    if (first === null) continue;
    const names = [first[2]!, ...lines.slice(1).map((line) => line.trim())].map((name) =>
      name.replace(/ \(inline\)$/, ""),
    );
    const key = names.join(" < ");
    traces.set(key, (traces.get(key) ?? 0) + Number(first[1]));
  }
  return traces;
}

/** Values of all calls of -dot, as "caller -> callee". */
export function readEdges(text: string): Map<string, number> {
  const edges = new Map<string, number>();
  for (const [, call, value] of text.matchAll(/ labeltooltip="(.* -> .*) \((-?\d+)[a-zA-Z]*\)"/g)) {
    edges.set(call!, Number(value));
  }
  return edges;
}

/**
 * The samples of -raw: frames with file, line and the line of the declaration, leaf first, and
 * labels, with the values of those added up that differ in nothing but the address. Those of zeros,
 * which the tool drops where it merges files and keeps where it reads one, are not there.
 */
export function readRaw(text: string): Map<string, number[]> {
  const [head = "", tail = ""] = text.split("\nLocations\n");
  const locations = readLocations(tail.split("\nMappings")[0] ?? "");
  const samples = new Map<string, number[]>();
  const all = head.slice(head.indexOf("\nSamples:\n")).split("\n").slice(3);
  for (let at = 0; at < all.length; ) {
    const row = /^\s*((?:-?\d+\s+)*-?\d+): ([\d ]*)$/.exec(all[at++]!);
    if (row === null) throw new Error(`not a sample of -raw: ${all[at - 1]}`);
    const labels: string[] = [];
    while (at < all.length && /^ {16}\S/.test(all[at]!)) labels.push(all[at++]!.trim());
    const ids = row[2]!.trim().split(" ");
    const key = [...ids.flatMap((id) => locations.get(id) ?? []), ...labels].join("\n");
    const values = row[1]!.trim().split(/\s+/).map(Number);
    const sums = samples.get(key);
    samples.set(key, sums === undefined ? values : sums.map((sum, i) => sum + values[i]!));
  }
  return new Map([...samples].filter(([, values]) => values.some((value) => value !== 0)));
}

/** Frames of every location, innermost first. */
function readLocations(text: string): Map<string, string[]> {
  const locations = new Map<string, string[]>();
  let frames: string[] = [];
  for (const line of text.split("\n")) {
    const start = /^\s*(\d+): 0x\w+ (?:M=\d+ )?(.*)$/.exec(line);
    if (start !== null) {
      frames = [];
      locations.set(start[1]!, frames);
    }
    const frame = /^(.*) (\S*):(\d+):\d+ s=(\d+)$/.exec(start?.[2] ?? line.trim());
    if (frame !== null) frames.push(frame.slice(1).join(" "));
  }
  return locations;
}
