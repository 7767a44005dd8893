import { describe, expect, test } from "vitest";
import { analyzed, drawn } from "./profiled.ts";

/** "work function base>head" in nanoseconds per operation; both sides are drawn alike. */
function costs(text: string): string[] {
  const { findings } = analyzed([drawn({ side: "base", text }), drawn({ side: "head", text })]);
  return findings.flatMap((finding) =>
    finding.kind === "cost"
      ? finding.parts.map(({ work, function: name, head }) =>
          `${work} ${name} ${head.join(" ")}`.trim(),
        )
      : [],
  );
}

describe("who spent it", () => {
  // A sample of 10 ms over a million operations is 10 ns of each.
  test.each([
    ["a function of the program itself", "# 200 \n m.skip \n m.Bench", ["code m.skip 2000"]],
    [
      "who calls the standard library",
      "# 200 \n aeshashbody \n runtime.mapaccess2 \n m.find \n m.Bench",
      ["code m.find 2000"],
    ],
    ["who has a closure", "# 200 \n m.find.func1.2 \n sort.Slice \n m.find", ["code m.find 2000"]],
    [
      "a dependency is a program's own code too",
      "# 200 \n strconv.Itoa \n example.com/x/y.Do \n m.Bench",
      ["code example.com/x/y.Do 2000"],
    ],
    [
      "who allocates",
      "# 200 \n runtime.nextFreeFast \n runtime.mallocgc \n runtime.makeslice \n m.grow",
      ["allocation m.grow 2000"],
    ],
    [
      "who assists the collector, on the collector's account",
      "# 200 \n runtime.scanObject \n runtime.gcDrainN \n runtime.mallocgc \n m.grow",
      ["gc m.grow 2000"],
    ],
    [
      "nobody: the collector's own goroutine",
      "# 200 \n runtime.scanObject \n runtime.gcDrain \n runtime.gcBgMarkWorker",
      ["gc  2000"],
    ],
    [
      "a lock",
      "# 200 \n internal/sync.(*Mutex).lockSlow \n sync.(*Mutex).Lock \n m.put",
      ["lock m.put 2000"],
    ],
    [
      "a channel",
      "# 200 \n runtime.lock2 \n runtime.chansend1 \n m.send",
      ["scheduler m.send 2000"],
    ],
    [
      "a system call",
      "# 200 \n internal/runtime/syscall/linux.Syscall6 \n syscall.write \n os.(*File).Write \n m.save",
      ["syscall m.save 2000"],
    ],
    [
      "a lock above the program's frame is another function's",
      "# 200 \n m.less \n sort.Slice \n sync.(*Once).doSlow \n m.init",
      ["code m.less 2000"],
    ],
    ["the C library", "# 200 \n [libc.so.6] \n runtime.cgocall \n m.call", ["syscall m.call 2000"]],
  ])("%s", (_, text, expected) => {
    expect(costs(text)).toEqual(expected);
  });
});

test("parts of all runs add up to the profile, also where there are too many to name", () => {
  const names = Array.from({ length: 400 }, (_, at) => at);
  const text = `# ${names.map((at) => at + 1).join(" ")}\n ${names.map((at) => `m.F${at}`).join(" ")}`;
  const { findings } = analyzed([
    drawn({ side: "base", text }),
    drawn({ side: "head", text }),
    drawn({ side: "head", text, run: 1 }),
  ]);
  const cost = findings.find((finding) => finding.kind === "cost");
  expect(cost?.parts).toHaveLength(301);
  const sum = cost?.parts.reduce((all, { head }) => all + (head[0] ?? 0) + (head[1] ?? 0), 0);
  expect(sum).toBe((2 * 10 * 400 * 401) / 2);
});
