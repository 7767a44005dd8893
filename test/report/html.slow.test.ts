// The page in a real browser: readable without scripts, asks for nothing, keeps its own policy.
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { readTemplates } from "../../src/templates.ts";
import { readCase } from "./read-case.ts";

const CHROMIUM = "/usr/bin/chromium";

test.skipIf(!existsSync(CHROMIUM))("a page full of hostile names stays inert", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tailguard-page-"));
  const file = join(dir, "report.html");
  const { report } = readCase("hostile-names");
  await writeFile(file, renderHtml({ report, templates: readTemplates() }));
  const context = await chromium.launchPersistentContext(join(dir, "profile"), {
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const page = await context.newPage();
    const seen: string[] = [];
    page.on("request", (request) => seen.push(request.url()));
    page.on("console", (message) => seen.push(message.text()));
    page.on("dialog", (dialog) => seen.push(dialog.message()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    expect(seen).toEqual([url]);
    expect(await page.locator("script, img, iframe, a").count()).toBe(0);
    expect(await page.locator("th.benchmark").first().textContent()).toBe("|pipe|row|");
    const widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
    await page.setViewportSize({ width: 400, height: 800 });
    const [scrollWidth, clientWidth] = await page.evaluate<[number, number]>(widths);
    expect(scrollWidth).toBe(clientWidth);
  } finally {
    await context.close();
    await rm(dir, { recursive: true, force: true });
  }
});
