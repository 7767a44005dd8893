import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommand } from "../../src/webhook/parse-command.ts";
import { hostileText } from "../report/hostile.ts";

const run = (options: object) => ({ kind: "run", options });

describe("commands", () => {
  test.each([
    ["/tailguard run", run({})],
    ["  /tailguard   run  ", run({})],
    ["/TailGuard RUN", run({})],
    ["/tailguard", { kind: "help" }],
    ["/tailguard help", { kind: "help" }],
    ["/tailguard cancel", { kind: "cancel" }],
    ["/tailguard rerun", { kind: "rerun" }],
    ["/tailguard calibrate", { kind: "calibrate" }],
    ["/tailguard explain Parse/large", { kind: "explain", name: "Parse/large" }],
    ['/tailguard explain "Parse/a b"', { kind: "explain", name: "Parse/a b" }],
    [
      '/tailguard accept Parse "the new format needs it"',
      { kind: "accept", name: "Parse", reason: "the new format needs it" },
    ],
    [
      "/tailguard accept Parse “as phones write it”",
      { kind: "accept", name: "Parse", reason: "as phones write it" },
    ],
    [
      "/tailguard accept Parse 'it \"quotes\"'",
      { kind: "accept", name: "Parse", reason: 'it "quotes"' },
    ],
    [
      '/tailguard accept Parse "a \\" inside"',
      { kind: "accept", name: "Parse", reason: 'a " inside' },
    ],
    ["/tailguard approve 0A1b2c3", { kind: "approve", sha: "0a1b2c3" }],
    [`/tailguard approve ${"f".repeat(40)}`, { kind: "approve", sha: "f".repeat(40) }],
    [
      "/tailguard run --bench ^BenchmarkParse$ --package ./parser/... --budget 10m --vs v1.2.0",
      run({
        bench: "^BenchmarkParse$",
        packages: ["./parser/..."],
        budgetSeconds: 600,
        vs: "v1.2.0",
      }),
    ],
    [
      '/tailguard run --bench="Parse|Read" --package a --package ./b',
      run({ bench: "Parse|Read", packages: ["a", "./b"] }),
    ],
    ["/tailguard run --bench 'a b\\d'", run({ bench: "a b\\d" })],
    ["/tailguard run --vs feature/faster_reads", run({ vs: "feature/faster_reads" })],
    ["/tailguard run --budget 1m30s", run({ budgetSeconds: 90 })],
    ["Look at this:\n\n/tailguard run\n\nThanks!", run({})],
    ["1. first\n\n/tailguard run\r\n", run({})],
  ])("%j", (body, expected) => expect(parseCommand(body)).toEqual(expected));
});

describe("no command is", () => {
  test.each([
    ["prose", "please /tailguard run"],
    ["a quote", "> /tailguard run"],
    ["a list", "- /tailguard run"],
    ["code in a line", "`/tailguard run`"],
    ["indented code", "    /tailguard run"],
    ["code by a tab", "\t/tailguard run"],
    ["fenced code", "```\n/tailguard run\n```"],
    ["fenced code with a language", "```sh\n/tailguard run\n```\ndone"],
    ["code between tildes", "~~~\n/tailguard run\n~~~"],
    ["a fence within a longer one", "````\n```\n/tailguard run\n```\n````"],
    ["a fence that is not closed", "```\n/tailguard run"],
    ["a fence with text behind its end", "```\nx\n``` no end\n/tailguard run"],
    ["an HTML comment", "<!-- \n/tailguard run\n-->"],
    ["an HTML comment that is not closed", "<!--\n/tailguard run"],
    ["another word", "/tailguardian run"],
    ["another bot's", "/retest"],
    ["nothing", ""],
  ])("%s", (_, body) => expect(parseCommand(body)).toBeUndefined());

  test("but what follows a fence or a comment may be one", () => {
    expect(parseCommand("```\nx\n```\n/tailguard cancel")).toEqual({ kind: "cancel" });
    expect(parseCommand("<!-- x -->\n/tailguard cancel")).toEqual({ kind: "cancel" });
    expect(parseCommand("``` inline ```\n/tailguard cancel")).toEqual({ kind: "cancel" });
  });
});

describe("what is not understood is answered", () => {
  test.each([
    ["/tailguard runn", /no command of that name; did you mean `run`/],
    ["/tailguard frobnicate", /no command of that name$/],
    ["/tailguard run now", /takes --bench, --package, --budget and --vs only/],
    ["/tailguard run --bensch x", /did you mean `--bench`/],
    ["/tailguard run --bench", /`--bench` needs a value/],
    ["/tailguard run --bench a --bench b", /`--bench` is given twice/],
    ["/tailguard run --budget soon", /`--budget` is a duration/],
    ["/tailguard run --budget 2h", /`--budget` is a duration/],
    ["/tailguard run --budget 1s", /`--budget` is a duration/],
    ["/tailguard run --package ../../etc", /`--package` takes/],
    ["/tailguard run --package -toolexec=x", /`--package` takes/],
    ["/tailguard run --package /etc/...", /`--package` takes/],
    ["/tailguard run --vs --upload-pack=x", /`--vs` takes/],
    ["/tailguard run --vs a..b", /`--vs` takes/],
    ["/tailguard run --vs HEAD@{1}", /`--vs` takes/],
    [`/tailguard run ${"--package a ".repeat(21)}`, /at most 20 packages/],
    [`/tailguard run --bench a\u202eb`, /visible text/],
    ["/tailguard cancel please", /`cancel` takes no arguments/],
    ["/tailguard explain", /`explain` takes the name/],
    ["/tailguard explain a b", /`explain` takes the name/],
    ['/tailguard explain ""', /the name is empty/],
    ["/tailguard accept Parse", /the reason in quotes/],
    ['/tailguard accept Parse "  "', /the reason in quotes/],
    ["/tailguard accept Parse it is fine", /has to stand in quotes/],
    ['/tailguard accept Parse "no end', /a quote is not closed/],
    ["/tailguard approve", /`approve` takes the commit/],
    ["/tailguard approve abc", /`approve` takes the commit/],
    ["/tailguard approve main", /`approve` takes the commit/],
    ["/tailguard run\n/tailguard cancel", /one command/],
    [`/tailguard explain ${"x".repeat(501)}`, /at most 500 characters/],
    [`/tailguard explain ${"x ".repeat(1000)}`, /at most 2000 characters/],
  ])("%j", (body, problem) => {
    const command = parseCommand(body);
    expect(command).toMatchObject({ kind: "unknown" });
    expect(command?.kind === "unknown" ? command.problem : "").toMatch(problem);
  });
});

test("whatever a comment holds, it is read in time and its problem is in our words", () => {
  const line = fc.oneof(
    hostileText,
    hostileText.map((text) => `/tailguard ${text}`),
    hostileText.map((text) => `/tailguard run --bench ${text}`),
    hostileText.map((text) => `/tailguard accept "${text}" '${text}'`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const command = parseCommand(lines.join("\n"));
      if (command?.kind === "unknown") expect(command.problem).toMatch(/^[\w\s`;,.?-]+$/);
    }),
  );
  expect(parseCommand(`${"`".repeat(60_000)}\n/tailguard run`)).toBeUndefined();
  expect(parseCommand(`${"<!--".repeat(15_000)}\n/tailguard run`)).toBeUndefined();
});
