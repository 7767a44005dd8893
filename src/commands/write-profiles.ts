// Writes profiles.md and the folder profiles/: what changed between base and head of each profiled
// benchmark, for `go tool pprof`, flame graph tools and readers.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Finding } from "../analyze/finding.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { type ComparedProfile, comparedProfiles } from "../flame/compared-profiles.ts";
import { markdownCode, markdownText } from "../report/escape.ts";

const pack = promisify(gzip);

/** Benchmarks and kinds that are written: the evidence has the profiles of all. */
const WRITTEN_MAX = 40;
/** Pictures in the page, up to 200 KB each; the others are files only. */
const SHOWN_MAX = 4;

/** A picture for the report's page, and the profile it was made from as `name`. */
export type ShownFlame = {
  readonly label: string;
  readonly svg: string;
  readonly name: string;
  readonly delta: Uint8Array;
};

/** Pictures of CPU time before others; writes nothing where nothing was profiled. */
export async function writeProfiles(
  evidence: Pick<Evidence, "packages" | "profiles">,
  findings: readonly Finding[],
  dir: string,
): Promise<ShownFlame[]> {
  const flames: (ShownFlame & { readonly rank: number })[] = [];
  const sections: string[] = [];
  for (const compared of comparedProfiles(evidence, findings)) {
    if (sections.length >= WRITTEN_MAX) break;
    const number = String(sections.length + 1).padStart(2, "0");
    const name = `${number}-${fileName(compared.benchmark)}.${compared.kind}`;
    if (sections.length === 0) await mkdir(join(dir, "profiles"), { recursive: true });
    const write = (ending: string, content: string | Uint8Array) =>
      writeFile(join(dir, "profiles", `${name}.${ending}`), content);
    const delta = await pack(compared.delta);
    await write("delta.pb.gz", delta);
    await write("base.folded", compared.folded.base);
    await write("head.folded", compared.folded.head);
    await write("svg", compared.svg);
    sections.push(sectionOf(compared, name));
    const { benchmark, kind, svg, folded } = compared;
    // Nobody waited, or nothing was allocated.
    if (folded.base + folded.head === "") continue;
    const label = `${benchmark} (${kind})`;
    flames.push({ label, svg, name: `${name}.delta.pb.gz`, delta, rank: kind === "cpu" ? 0 : 1 });
  }
  if (sections.length > 0) {
    await writeFile(join(dir, "profiles.md"), `# Profiles compared\n\n${sections.join("\n")}`);
  }
  return flames.sort((one, other) => one.rank - other.rank).slice(0, SHOWN_MAX);
}

function sectionOf(compared: ComparedProfile, name: string): string {
  const file = `profiles/${name}`;
  const cell = compared.cell === "default" ? "" : `, ${markdownText(compared.cell)}`;
  return `## ${markdownCode(compared.benchmark)} ${compared.kind}

${markdownCode(compared.package)}${cell}. [Flame graph](${file}.svg), folded stacks of [base](${file}.base.folded) and [head](${file}.head.folded).

\`\`\`sh
go tool pprof -http=: ${file}.delta.pb.gz
\`\`\`

${compared.moversMarkdown}`;
}

/** Plain letters only: what a link and a shell take as they are. */
function fileName(benchmark: string): string {
  return benchmark.replace(/[^A-Za-z0-9_-]+/g, "+").slice(0, 80);
}
