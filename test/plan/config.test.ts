import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { parseConfig } from "../../src/plan/config.ts";

function check(text: string, expected: unknown) {
  expect(parseConfig(text, "tailguard.yml")).toEqual(expected);
}

function checkProblem(text: string, ...expected: string[]) {
  try {
    parseConfig(text, "tailguard.yml");
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    for (const words of expected) expect((error as UserError).message).toContain(words);
    return;
  }
  expect.unreachable(`no problem found in ${text}`);
}

test("an empty file is a configuration", () => {
  check("", {});
  check("# only a comment\n", {});
});

test("percentages and durations are read as people write them", () => {
  check("budget: 2m30s\nthresholds:\n  p10-sec/op: 5%\n  B/op: 0.1\n", {
    budget: 150,
    thresholds: { "p10-sec/op": 0.05, "B/op": 0.1 },
  });
});

describe("problems name line and column", () => {
  test("an unknown key", () => {
    checkProblem("budget: 5m\ntreshold: 3\n", "tailguard.yml:1:1", "treshold");
  });
  test("a value of the wrong form", () => {
    checkProblem("budget: soon\n", "tailguard.yml:1:9", "budget", '"90s"');
    checkProblem("thresholds:\n  sec/op: 4000%\n", "tailguard.yml:2:11");
  });
  test("broken YAML and duplicate keys", () => {
    checkProblem("packages: [a\n", "tailguard.yml:");
    checkProblem("bench: a\nbench: b\n", "tailguard.yml:2:1");
  });
  test("all problems at once", () => {
    checkProblem("budget: soon\nbench: ''\n", "tailguard.yml:1:9", "tailguard.yml:2:8");
  });
});

test("aliases that multiply are refused", () => {
  const bomb = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).slice(
    1,
  );
  checkProblem(`a0: &a0 [x]\n${bomb.join("\n")}`, "alias");
});
