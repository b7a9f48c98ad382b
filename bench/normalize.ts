// Speed and memory of `normalize` compared with only reading the same rows (see --help). Starts its own PostgreSQL server and
// upstream.
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { startSandbox } from "../src/sandbox/index.ts";
import { grouped, median, openStage, printTable } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "8000" },
    pairs: { type: "string", default: "3" },
    distinct: { type: "boolean", default: false },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- normalize [--rows 8000] [--pairs 3] [--distinct] [--source] [--server URL]
normalises ROWS listings, first all new, then all unchanged (--all), compared with only reading the same rows by the same
driver, in PAIRS alternating pairs; --distinct gives each listing a specification and options of its own
`,
  );
  process.exit(0);
}
const rows = Number(flags.rows);

function read(url: string): Promise<number> {
  const child = fork(new URL("./pipeline/reading.ts", import.meta.url), [url]);
  return new Promise((resolve, reject) => {
    child.once("message", (ms) => resolve(ms as number));
    child.once("exit", (code) => reject(new Error(`reading exited with ${code}`)));
  });
}

/** Values that occur in one listing only: no part of two documents is the same. */
const MAKE_DISTINCT = `
  update raw_data
     set data = jsonb_set(jsonb_set(data, '{extra,configuration,note}', to_jsonb(id)), '{extra,option,note}', to_jsonb(id))
   where data #> '{extra,configuration}' is not null`;
const COUNT_SPECIFICATIONS = `
  select count(distinct data #>> '{specid}')::int as specifications from raw_data`;

const stage = await openStage(flags);
const sandbox = await startSandbox({ offers: rows, changesPerDay: 0 });
try {
  await stage.command(["initial"], sandbox.baseUrl);
  const [counted] = await stage.query(COUNT_SPECIFICATIONS);
  const repeated = rows / Number(counted?.specifications);
  process.stdout.write(
    `${grouped(rows)} listings, ${flags.distinct ? "no part repeated" : `${repeated.toFixed(1)} per specification`}\n`,
  );
  if (flags.distinct) {
    await stage.query(MAKE_DISTINCT);
  }
  const table = [["", "listings/s", "merely read/s", "ratio", "peak MB"]];
  const ratios: Record<"first" | "all", number[]> = { first: [], all: [] };
  for (let pair = 1; pair <= Number(flags.pairs); pair += 1) {
    await stage.query("update raw_data set is_processed = false");
    await stage.query("truncate processed_data");
    await stage.query("vacuum analyze raw_data");
    for (const kind of ["first", "all"] as const) {
      const readMs = await read(stage.url);
      const { ms, rssMb } = await stage.command(
        kind === "first" ? ["normalize"] : ["normalize", "--all"],
        sandbox.baseUrl,
      );
      ratios[kind].push(readMs / ms);
      const name = kind === "first" ? `first run, pair ${pair}` : `--all, unchanged, pair ${pair}`;
      const figures = [ms, readMs].map((time) => grouped((rows / time) * 1000));
      table.push([name, ...figures, (readMs / ms).toFixed(2), rssMb.toFixed(0)]);
    }
  }
  printTable(table);
  process.stdout.write(
    `median ratio to reading: first run ${median(ratios.first).toFixed(2)} (target: 0.45), --all ${median(ratios.all).toFixed(2)} (target: 0.65)\n`,
  );
} finally {
  await sandbox.close();
  await stage.close();
}
