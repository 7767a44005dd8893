// Records the -m=2 text and the syntax of every case below test/testdata/compiler with the Go on
// this machine. Run by hand: `npx tsx script/record-compiler.ts`.
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  buildProbe,
  compilerText,
  goVersion,
  readSyntax,
} from "../test/analyze/compiler/go-tools.ts";
import { CASES_DIR } from "../test/analyze/compiler/load-case.ts";

const scratch = await mkdtemp(join(tmpdir(), "tailguard-record-"));
try {
  const probe = await buildProbe(scratch);
  const entries = await readdir(CASES_DIR, { withFileTypes: true });
  for (const name of entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)) {
    const dir = join(CASES_DIR, name);
    for (const side of ["base", "head"]) {
      const text = await compilerText(join(dir, side), scratch);
      const syntax = await readSyntax(probe, join(dir, side));
      await writeFile(join(dir, `${side}.m2.txt`), text);
      await writeFile(join(dir, `${side}.syntax.json`), `${JSON.stringify(syntax, null, 1)}\n`);
    }
    console.log(`recorded ${name}`);
  }
  await writeFile(join(CASES_DIR, "go.txt"), `${await goVersion()}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
