// Speed of `initial --from-export` and `reconcile --from-export`, as ratios within one run (see --help).
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeExportFile } from "./pipeline/export-file.ts";
import { grouped, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    pairs: { type: "string", default: "3" },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- export [--rows 20000] [--pairs 3] [--source] [--server URL]
  load       initial --from-export of a file of ROWS listings, compared with a bare COPY of the same documents
  reconcile  reconcile --from-export of the same file, to which the copy is equal, compared with only parsing the file: into
             documents, as the load does, and only into cells
  Both in PAIRS pairs, with the peak memory of the command. --source, --server: as in load.
`,
  );
  process.exit(0);
}
const [rows, pairs] = [Number(flags.rows), Number(flags.pairs)];
const stage = await openStage(flags);
const directory = await mkdtemp(join(tmpdir(), "che168-export-"));
const file = join(directory, "all_active.csv");
const { baseUrl, stop } = await startUpstream({ offers: 20, changes: 0, latencyMs: 0 });

try {
  await writeExportFile(file, rows);
  const megabytes = (await stat(file)).size / 1_048_576;
  const table = [
    [
      `${grouped(rows)} listings, ${grouped(megabytes)} MB`,
      ...[
        "load ms",
        "COPY ms",
        "ratio",
        "peak MB",
        "reconcile ms",
        "parse ms",
        "ratio",
        "cells ms",
        "peak MB",
      ],
    ],
  ];
  const ratios: { load: number; reconcile: number }[] = [];
  for (let pair = 1; pair <= pairs; pair += 1) {
    await stage.clear();
    const copy = await stage.worker({ work: "copy", baseUrl, count: rows });
    await stage.clear();
    const load = await stage.command(["initial", "--from-export", file], baseUrl);
    await stage.query("checkpoint");
    const parse = await stage.worker({ work: "parse", baseUrl, count: rows, file });
    const reconcile = await stage.command(["reconcile", "--from-export", file], baseUrl);
    const cells = await stage.worker({ work: "cells", baseUrl, count: rows, file });
    if (reconcile.result.unchanged !== rows) {
      throw new Error(`The copy is not equal to its file: ${JSON.stringify(reconcile.result)}`);
    }
    ratios.push({ load: load.ms / copy, reconcile: reconcile.ms / parse });
    table.push([
      `pair ${pair}`,
      ...[grouped(load.ms), grouped(copy), (load.ms / copy).toFixed(2), load.rssMb.toFixed(0)],
      ...[grouped(reconcile.ms), grouped(parse), (reconcile.ms / parse).toFixed(2), grouped(cells)],
      reconcile.rssMb.toFixed(0),
    ]);
  }
  printTable(table);
  const [load, reconcile] = (["load", "reconcile"] as const).map((key) =>
    median(ratios.map((ratio) => ratio[key])).toFixed(2),
  );
  process.stdout.write(
    `median: load ${load} of COPY (target: 1.8 or less), reconcile ${reconcile} of parsing (target: 1.5 or less)\n`,
  );
} finally {
  stop();
  await stage.close();
  await rm(directory, { recursive: true, force: true });
}
