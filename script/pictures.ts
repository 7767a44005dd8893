// Takes the pictures in docs/images, all of them: npx tsx script/pictures.ts [NAME]...
//
// The App runs in this process against the simulated GitHub: signed webhooks go in, and what GitHub
// would show comes out. Only measuring is left out, because it takes minutes and differs each time:
// the runner answers with bundles that were measured once (test/testdata/evidence).
//
// Debian's Chromium, because a test tool's own download of a browser is not to be had everywhere.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { reportCommand } from "../src/commands/report.ts";
import {
  type Recorded,
  recordedBundle,
  recordedEvidence,
} from "../test/commands/recorded-bundle.ts";
import { startTestApp, type TestApp } from "../test/commands/test-app.ts";
import { git } from "../test/fake-github/git.ts";
import type { PullRequest } from "../test/fake-github/model.ts";
import { palettePng } from "./palette-png.ts";

const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));
const CHANGES = fileURLToPath(new URL("../test/testdata/go/ledger-changes/", import.meta.url));

/** A page of documents with nine pictures should load within a second or two. */
const LARGEST_BYTES = 150_000;
const WIDTH = 1000;
/** What does not fit is scrolled to by a reader; a picture need not show it all. */
const TALLEST = 1500;

type Picture = {
  /** Where the page is, once it shows what the picture is to show. */
  readonly page: (app: TestApp, folder: string) => Promise<string>;
  readonly tallest?: number;
  /** The part of the page that is shown; all of it without. */
  readonly part?: string;
};

const INTERFACE = {
  title: "Read fields behind an interface",
  body: "So that other formats can be read later.",
  branch: "field-source",
  change: { patchFile: join(CHANGES, "escape.patch") },
};

const LAST_DAY = { change: { patchFile: join(CHANGES, "last-day.patch") } };

const CONFIGURATION = `gate:
  preset: carefull
  rules:
    - name: tail
      block: p95 > 5% and proven
budget: 5 min
`;

const PICTURES: Readonly<Record<string, Picture>> = {
  "pull-request-regression": {
    page: async (app) => measured(app, await app.open(INTERFACE), "regression"),
    tallest: 2350,
  },
  "pull-request-regression-lines": {
    page: async (app) => {
      const title = "Read fields from more than one place";
      const pull = await app.open({ ...INTERFACE, title, branch: "more-places" });
      return measured(app, pull, "regression");
    },
    part: "#files",
  },
  "pull-request-improvement": { page: improvement },
  "pull-request-harmless": {
    page: async (app) => {
      const title = "Give the last day of a month a name";
      return measured(app, await app.open({ ...LAST_DAY, title, branch: "last-day" }), "harmless");
    },
  },
  "pull-request-cannot-tell": {
    page: async (app) => {
      const title = "Say once how long a month is";
      return measured(app, await app.open({ ...LAST_DAY, title, branch: "month" }), "cannot-tell");
    },
  },
  "pull-request-fork-waiting": {
    page: (app) =>
      answered(app, {
        ...LAST_DAY,
        title: "Split the calendar from the parser",
        branch: "calendar",
        fromFork: true,
        author: "newcomer",
      }),
  },
  "pull-request-configuration-error": {
    page: (app) =>
      answered(app, {
        title: "Hold the tail",
        branch: "hold-the-tail",
        change: {
          files: async (tree) => {
            await mkdir(join(tree, ".github"));
            await writeFile(join(tree, ".github/tailguard.yml"), CONFIGURATION);
          },
        },
      }),
  },
  report: { page: (_, folder) => reportPage(folder, "report.html") },
};

async function measured(app: TestApp, pull: PullRequest, recorded: Recorded): Promise<string> {
  await app.finish(pull, recordedBundle(recorded));
  return pageOf(app, pull);
}

/** A pull request that gets its answer without a run. */
async function answered(app: TestApp, asked: Parameters<TestApp["open"]>[0]): Promise<string> {
  const pull = await app.open(asked);
  await app.over(pull.headSha);
  return pageOf(app, pull);
}

/** A repository whose main branch has the regression, and a pull request that takes it back. */
async function improvement(app: TestApp): Promise<string> {
  const slower = await app.open({ ...INTERFACE, draft: true });
  await app.finish(slower, recordedBundle("regression"));
  const repository = await app.fake.addRepository("acme/books", {
    repository: app.repository.gitDir,
    revision: slower.headSha,
  });
  const pull = await app.fake.openPullRequest(repository, {
    title: "Read fields without an interface again",
    branch: "plain-fields",
    body: "Nothing else reads fields, so the parser may know what it reads.",
    change: { files: (tree) => git(tree, "apply", "--reverse", INTERFACE.change.patchFile) },
  });
  return measured(app, pull, "improvement");
}

function pageOf({ fake }: TestApp, { repository, number }: PullRequest): string {
  return `${fake.url}/${repository.owner}/${repository.name}/pull/${number}`;
}

async function reportPage(folder: string, file: string): Promise<string> {
  const outDir = join(folder, "report");
  await reportCommand({ evidenceDir: recordedEvidence("regression"), format: "text", outDir });
  return pathToFileURL(join(outDir, file)).href;
}

async function take(
  browser: Browser,
  url: string,
  { name, tallest = TALLEST, part }: Picture & { readonly name: string },
): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: 600 } });
  await page.goto(url);
  const height = Number(await page.evaluate("document.documentElement.scrollHeight"));
  await page.setViewportSize({ width: WIDTH, height: Math.min(height, tallest) });
  const shot = await (part === undefined ? page : page.locator(part)).screenshot();
  const png = await palettePng(page, shot);
  await page.close();
  await writeFile(join(IMAGES, `${name}.png`), png);
  console.log(`${name}: ${height} pixels high, ${png.length} bytes`);
  if (png.length > LARGEST_BYTES) process.exitCode = 1;
}

async function main(wanted: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tailguard-pictures-"));
  const app = await startTestApp();
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      // Root in a container has no user namespaces to spare for Chromium's own sandbox.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--no-first-run",
      // Colored fringes of letters double the size of a picture.
      "--disable-lcd-text",
    ],
  });
  try {
    for (const [name, picture] of Object.entries(PICTURES)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await take(browser, await picture.page(app, folder), { ...picture, name });
    }
    if (app.fake.violations.length > 0) throw new Error(JSON.stringify(app.fake.violations));
  } finally {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true });
  }
}

await main(process.argv.slice(2));
