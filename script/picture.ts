// Takes a picture of a page for the documents: npx tsx script/picture.ts URL FILE.png [dark]
//
// Pages come from `script/demo --serve` or from `tailguard compare --out DIR` (file:// URLs).
// Debian's Chromium, because a test tool's own download of a browser is not to be had everywhere.
import { chromium } from "playwright-core";

const [url, file, scheme] = process.argv.slice(2);
if (url === undefined || file === undefined) {
  console.error("usage: npx tsx script/picture.ts URL FILE.png [dark]");
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  // Root in a container has no user namespaces to spare for Chromium's own sandbox.
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1100, height: 800 },
    colorScheme: scheme === "dark" ? "dark" : "light",
  });
  await page.goto(url);
  const height = await page.evaluate("document.documentElement.scrollHeight");
  await page.setViewportSize({ width: 1100, height: Math.min(Number(height), 1500) });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
