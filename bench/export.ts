// Speed of `initial --from-export` and `reconcile --from-export`, as ratios within one run (see --help).
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeExportFile } from "./pipeline/export-file.ts";
import { grouped, type Measured, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    pairs: { type: "string", default: "3" },
    only: { type: "string" },
    memory: { type: "boolean", default: false },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- export [--rows 20000] [--pairs 3] [--only load|reconcile] [--memory] [--source] [--server URL]
  load       initial --from-export of a file of ROWS listings, compared with a bare COPY of the same documents
  reconcile  reconcile --from-export of the same file, to which the copy is equal, compared with only parsing the file: into
             documents, as the load does, and only into cells
  Both in PAIRS pairs, with the peak memory of the command; --memory prints it over time. --source, --server: as in load.
  A whole catalogue: --rows 250000 --pairs 1 --memory needs 25 GB of disk and 15 minutes.
`,
  );
  process.exit(0);
}
const [rows, pairs] = [Number(flags.rows), Number(flags.pairs)];
const jobs = (["load", "reconcile"] as const).filter((job) => (flags.only ?? job) === job);
const measures = (job: "load" | "reconcile") => jobs.includes(job);
const stage = await openStage({ ...flags, sampleMs: flags.memory ? 1_000 : 0 });
const directory = await mkdtemp(join(tmpdir(), "che168-export-"));
const file = join(directory, "all_active.csv");
const { baseUrl, stop } = await startUpstream({ offers: 20, changes: 0, latencyMs: 0 });

/** At most a dozen of a command's samples. */
function printMemory(name: string, { samples }: Measured): void {
  const step = Math.ceil(samples.length / 12);
  const shown = samples.filter((_sample, index) => index % step === step - 1);
  printTable([
    [`${name}, after s`, "RSS MB", "heap MB", "buffers MB"],
    ...shown.map((sample) =>
      [sample.seconds, sample.rssMb, sample.heapMb, sample.buffersMb].map((value) => value.toFixed(0)),
    ),
  ]);
}

/** Load of an empty table, relative to COPY. */
async function measureLoad(): Promise<string[]> {
  await stage.clear();
  const copy = measures("load") ? await stage.worker({ work: "copy", baseUrl, count: rows }) : Number.NaN;
  await stage.clear();
  const load = await stage.command(["initial", "--from-export", file], baseUrl);
  if (flags.memory) {
    printMemory("load", load);
  }
  ratios.load.push(load.ms / copy);
  return [grouped(load.ms), grouped(copy), (load.ms / copy).toFixed(2), load.rssMb.toFixed(0)];
}

/** Comparison of a copy that is equal to the file, relative to parsing the file. */
async function measureReconcile(): Promise<string[]> {
  await stage.query("checkpoint");
  const parse = await stage.worker({ work: "parse", baseUrl, count: rows, file });
  const reconcile = await stage.command(["reconcile", "--from-export", file], baseUrl);
  const cells = await stage.worker({ work: "cells", baseUrl, count: rows, file });
  if (reconcile.result.unchanged !== rows) {
    throw new Error(`The copy is not equal to its file: ${JSON.stringify(reconcile.result)}`);
  }
  if (flags.memory) {
    printMemory("reconcile", reconcile);
  }
  ratios.reconcile.push(reconcile.ms / parse);
  const ratio = (reconcile.ms / parse).toFixed(2);
  return [grouped(reconcile.ms), grouped(parse), ratio, grouped(cells), reconcile.rssMb.toFixed(0)];
}

const ratios = { load: [] as number[], reconcile: [] as number[] };
try {
  await writeExportFile(file, rows);
  const megabytes = (await stat(file)).size / 1_048_576;
  const table = [
    [
      `${grouped(rows)} listings, ${grouped(megabytes)} MB`,
      ...["load ms", "COPY ms", "ratio", "peak MB"],
      ...(measures("reconcile") ? ["reconcile ms", "parse ms", "ratio", "cells ms", "peak MB"] : []),
    ],
  ];
  for (let pair = 1; pair <= pairs; pair += 1) {
    const load = await measureLoad();
    const reconcile = measures("reconcile") ? await measureReconcile() : [];
    table.push([`pair ${pair}`, ...load, ...reconcile]);
  }
  printTable(table);
  const found = {
    load: `load ${median(ratios.load).toFixed(2)} of COPY (target: 1.8 or less)`,
    reconcile: `reconcile ${median(ratios.reconcile).toFixed(2)} of parsing (target: 1.5 or less)`,
  };
  process.stdout.write(`median: ${jobs.map((job) => found[job]).join(", ")}\n`);
} finally {
  stop();
  await stage.close();
  await rm(directory, { recursive: true, force: true });
}
