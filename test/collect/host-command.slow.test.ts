import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runHostCommand } from "../../src/collect/host-command.ts";

async function linesOf(script: string): Promise<string[]> {
  const lines: string[] = [];
  const result = await runHostCommand({
    argv: [process.execPath, "-e", script],
    dir: tmpdir(),
    env: {},
    timeoutMs: 60_000,
    onLine: (line) => lines.push(line),
  });
  expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  return lines;
}

test("lines end with a newline alone, the last one with the stream", async () => {
  expect(await linesOf(`process.stdout.write("a\\r\\n\\nb\\u2028c\\nd")`)).toEqual([
    "a\r",
    "",
    "b\u2028c",
    "d",
  ]);
  expect(await linesOf("")).toEqual([]);
});

test("a line longer than a pipe holds, of characters of several bytes, is one", async () => {
  const [line, ...others] = await linesOf(`process.stdout.write("\u20ac".repeat(300000) + "\\n")`);
  expect(others).toEqual([]);
  expect(line).toBe("\u20ac".repeat(300_000));
});
