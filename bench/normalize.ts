// Speed of `normalize` compared with only reading the same rows (see --help). Starts its own PostgreSQL server and upstream.
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { startSandbox } from "../src/sandbox/index.ts";
import { median, openStage, printTable } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "8000" },
    pairs: { type: "string", default: "3" },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- normalize [--rows 8000] [--pairs 3] [--source] [--server URL]
normalises ROWS listings, compared with only reading the same batches, in PAIRS alternating pairs
`,
  );
  process.exit(0);
}
const rows = Number(flags.rows);
const perSecond = (ms: number) => Math.round((rows / ms) * 1000);

function read(url: string): Promise<number> {
  const child = fork(new URL("./pipeline/reading.ts", import.meta.url), [url]);
  return new Promise((resolve, reject) => {
    child.once("message", (ms) => resolve(ms as number));
    child.once("exit", (code) => reject(new Error(`reading exited with ${code}`)));
  });
}

const stage = await openStage(flags);
const sandbox = await startSandbox({ offers: rows, changesPerDay: 0 });
try {
  await stage.command(["initial"], sandbox.baseUrl);
  const table = [["", "listings/s", "merely read/s", "ratio", "peak MB"]];
  const ratios: number[] = [];
  for (let pair = 1; pair <= Number(flags.pairs); pair += 1) {
    await stage.query("update raw_data set is_processed = false");
    await stage.query("truncate processed_data");
    await stage.query("vacuum analyze raw_data");
    const reading = perSecond(await read(stage.url));
    const { ms, rssMb } = await stage.command(["normalize"], sandbox.baseUrl);
    const normalizing = perSecond(ms);
    ratios.push(normalizing / reading);
    const name = `normalize, ${rows.toLocaleString("en-US")} listings, pair ${pair}`;
    const figures = [normalizing, reading].map((figure) => figure.toLocaleString("en-US"));
    table.push([name, ...figures, (normalizing / reading).toFixed(2), rssMb.toFixed(0)]);
  }
  printTable(table);
  process.stdout.write(`median ratio to reading: ${median(ratios).toFixed(2)} (target: 0.5 or more)\n`);
} finally {
  await sandbox.close();
  await stage.close();
}
