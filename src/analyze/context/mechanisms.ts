// What do the numbers say together? A decision tree as a table, read from top to bottom: the first
// row whose conditions hold names the mechanism.
//
// It is the source document's (garbage collection, goroutines and waiting up: blocked on something;
// collection and goroutines up without waiting: collected too often; collection alone: memory),
// extended by what Go tells since: assists, locks, waits for a processor, the kernel. Its "netpoll
// wait" is read as time off the processor, because the runtime counts none for the network alone.
//
// "moved" is a move in the direction of the change, by enough to explain it; "still" is any other
// reading, also one that this Go version lacks. Reading from the bottom, each row is what remains
// once the rows above are excluded, so an order of rows is an order of precision.
import type { Mechanism } from "../finding.ts";
import type { SignalName } from "./signals.ts";

type Asked = SignalName | "cpu-sec/op";

type Row = {
  readonly mechanism: Mechanism;
  readonly when: Readonly<Partial<Record<Asked, "moved" | "still">>>;
};

export const TREE: readonly Row[] = [
  {
    // It did not wait for anything of its own: the processor was taken away.
    mechanism: "starved",
    when: {
      "off-cpu-sec/op": "moved",
      "sec/cpu-sec": "moved",
      "cpu-sec/op": "still",
      "voluntary-switches/op": "still",
      "sched-runs/op": "still",
      "mutex-wait-sec/op": "still",
      "gc-sec/op": "still",
    },
  },
  { mechanism: "forced-collections", when: { "gc-forced-cycles/op": "moved" } },
  {
    mechanism: "blocked-goroutines",
    // Where most of the change is waiting, the collector is a small part of it: more cycles do.
    when: {
      "gc-cycles/op": "moved",
      goroutines: "moved",
      "off-cpu-sec/op": "moved",
      "sec/cpu-sec": "moved",
    },
  },
  // Started, and still there at the end. Go before 1.26 does not count what is started.
  { mechanism: "left-goroutines", when: { goroutines: "moved", "goroutines-created/op": "moved" } },
  {
    mechanism: "assist",
    when: { "gc-assist-cpu-sec/op": "moved", "gc-sec/op": "moved", "B/op": "moved" },
  },
  { mechanism: "allocation", when: { "gc-sec/op": "moved", "B/op": "moved" } },
  { mechanism: "frequent-collections", when: { "gc-sec/op": "moved", "gc-cycles/op": "moved" } },
  { mechanism: "live-heap", when: { "gc-sec/op": "moved" } },
  { mechanism: "lock", when: { "mutex-wait-sec/op": "moved" } },
  { mechanism: "runnable", when: { "sched-wait-sec/op": "moved" } },
  { mechanism: "new-goroutines", when: { "goroutines-created/op": "moved" } },
  // A thread that waits gives its processor up; a goroutine that waits lets another run.
  {
    mechanism: "waiting",
    when: {
      "off-cpu-sec/op": "moved",
      "sec/cpu-sec": "moved",
      "voluntary-switches/op": "moved",
    },
  },
  {
    mechanism: "waiting",
    when: { "off-cpu-sec/op": "moved", "sec/cpu-sec": "moved", "sched-runs/op": "moved" },
  },
  { mechanism: "system-calls", when: { "system-cpu-sec/op": "moved" } },
  { mechanism: "handoffs", when: { "sched-runs/op": "moved" } },
  { mechanism: "compute", when: { "cpu-sec/op": "moved" } },
];

/** The mechanism of the first row whose conditions hold, and the moves it rests on. */
export function mechanismOf(
  hasMoved: (signal: Asked) => boolean,
): { readonly mechanism: Mechanism; readonly restsOn: readonly Asked[] } | undefined {
  for (const { mechanism, when } of TREE) {
    const asked = Object.entries(when) as [Asked, "moved" | "still"][];
    if (!asked.every(([signal, wanted]) => hasMoved(signal) === (wanted === "moved"))) continue;
    const restsOn = asked.filter(([, wanted]) => wanted === "moved").map(([signal]) => signal);
    return { mechanism, restsOn };
  }
  return undefined;
}
