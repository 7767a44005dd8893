import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mechanismOf, TREE } from "../../../src/analyze/context/mechanisms.ts";

/** What is named when exactly these moved. */
function check(moved: readonly string[], expected: string | undefined) {
  expect(mechanismOf((signal) => moved.includes(signal))?.mechanism).toBe(expected);
}

/** Out of proportion to the CPU time. */
const OFF_CPU = ["off-cpu-sec/op", "sec/cpu-sec"];
const GC = ["gc-sec/op", "gc-cycles/op", "gc-mark-cpu-sec/op"];

test("nothing moved, nothing is named", () => check([], undefined));

test("the source document's three: blocked, collected too often, memory", () => {
  check([...GC, "goroutines", ...OFF_CPU, "cpu-sec/op"], "blocked-goroutines");
  check([...GC, "goroutines", "cpu-sec/op"], "frequent-collections");
  check(["gc-sec/op", "cpu-sec/op"], "live-heap");
});

test("garbage, with and without assists", () => {
  check([...GC, "B/op", "cpu-sec/op"], "allocation");
  check([...GC, "B/op", "gc-assist-cpu-sec/op", "cpu-sec/op"], "assist");
  check([...GC, "gc-assist-cpu-sec/op"], "frequent-collections");
  check([...GC, "gc-forced-cycles/op", "B/op"], "forced-collections");
  // More garbage that costs the collector nothing to speak of.
  check(["B/op", "gc-cycles/op", "cpu-sec/op"], "compute");
});

test("a processor that was taken away, against waiting of its own", () => {
  check([...OFF_CPU], "starved");
  check([...OFF_CPU, "involuntary-switches/op"], "starved");
  check([...OFF_CPU, "voluntary-switches/op"], "waiting");
  check([...OFF_CPU, "sched-runs/op"], "waiting");
  check([...OFF_CPU, "voluntary-switches/op", "mutex-wait-sec/op"], "lock");
  // Waiting that only goes along with computing.
  check([...OFF_CPU, "cpu-sec/op"], "compute");
  // A busy machine takes its share of more work, too.
  check(["off-cpu-sec/op", "voluntary-switches/op", "cpu-sec/op"], "compute");
});

test("goroutines: new ones, ones that stay, ones in line, ones that take turns", () => {
  check(["goroutines-created/op", "sched-runs/op", "cpu-sec/op"], "new-goroutines");
  check(["goroutines-created/op", "goroutines", "cpu-sec/op"], "left-goroutines");
  check(["goroutines-created/op", "goroutines", "sched-wait-sec/op"], "left-goroutines");
  check(["goroutines", "sched-wait-sec/op", "sched-runs/op", "cpu-sec/op"], "runnable");
  check(["sched-runs/op", "cpu-sec/op", "voluntary-switches/op"], "handoffs");
});

test("the kernel, then plain computing", () => {
  check(["system-cpu-sec/op", "cpu-sec/op"], "system-calls");
  check(["cpu-sec/op"], "compute");
});

test("what names the mechanism is said", () => {
  const found = mechanismOf((signal) => [...GC, "B/op"].includes(signal));
  expect(found?.restsOn).toEqual(["gc-sec/op", "B/op"]);
});

test("docs/mechanisms.md shows the same table", () => {
  const page = readFileSync(new URL("../../../docs/mechanisms.md", import.meta.url), "utf8");
  const documented = [...page.matchAll(/^\| ([a-z-]+) \| (.*?) \| (.*?)\| .+ \|$/gm)]
    .filter(([, name]) => name !== "mechanism")
    .map(([, name, moved, still]) => [name, moved?.trim(), still?.trim()]);
  const list = (when: (typeof TREE)[number]["when"], wanted: "moved" | "still") =>
    Object.entries(when)
      .filter(([, state]) => state === wanted)
      .map(([signal]) => `\`${signal}\``)
      .join(", ");
  expect(documented).toEqual(
    TREE.map(({ mechanism, when }) => [mechanism, list(when, "moved"), list(when, "still")]),
  );
});
