// Speed of `initial`, as ratios within one run (see --help). Starts its own PostgreSQL server and upstream.
import { parseArgs } from "node:util";
import { grouped, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    pairs: { type: "string", default: "5" },
    pages: { type: "string", default: "200" },
    only: { type: "string", default: "copy,latency" },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- load [--rows 20000] [--pairs 5] [--pages 200] [--only copy,latency] [--source] [--server URL]
  copy     initial of ROWS listings from a service without latency, compared with a bare COPY of the same documents into
           the same table, in PAIRS alternating pairs; --pairs 0: initial alone, for its memory
  latency  initial of PAGES pages from a service with a latency of 100 ms, compared with only reading them
  Measures the built command, or with --source the command from its sources. --server: a PostgreSQL server of your own
  (recreates the database che168_bench) instead of the one from npm, which has no lz4.
`,
  );
  process.exit(0);
}
const [rows, pairs, pages] = [flags.rows, flags.pairs, flags.pages].map(Number) as [number, number, number];
const stage = await openStage(flags);

async function besideCopy(): Promise<void> {
  const { baseUrl, stop } = await startUpstream({ offers: rows, changes: 0, latencyMs: 0 });
  const ours = async () => {
    await stage.clear();
    return stage.command(["initial"], baseUrl);
  };
  const copy = async () => {
    await stage.clear();
    return stage.worker({ work: "copy", baseUrl, count: rows });
  };
  const perSecond = (ms: number) => grouped((rows / ms) * 1000);
  const table = [[`initial, ${grouped(rows)} listings`, "listings/s", "COPY", "ratio", "CPU s", "peak MB"]];
  const ratios: number[] = [];
  for (let pair = 1; pair <= Math.max(1, pairs); pair += 1) {
    // Alternates which one runs first.
    const before = pairs > 0 && pair % 2 === 0 ? await copy() : undefined;
    const { ms, cpuMs, rssMb } = await ours();
    const copyMs = before ?? (pairs > 0 ? await copy() : Number.NaN);
    ratios.push(copyMs / ms);
    const compared = pairs > 0 ? [perSecond(copyMs), (copyMs / ms).toFixed(3)] : ["-", "-"];
    table.push([`pair ${pair}`, perSecond(ms), ...compared, (cpuMs / 1000).toFixed(1), rssMb.toFixed(0)]);
  }
  stop();
  printTable(table);
  if (pairs > 0) {
    process.stdout.write(`median ratio to COPY: ${median(ratios).toFixed(3)} (target: 0.9 or more)\n\n`);
  }
}

async function withLatency(): Promise<void> {
  const { baseUrl, stop } = await startUpstream({ offers: pages * 20, changes: 0, latencyMs: 100 });
  await stage.clear();
  const { ms } = await stage.command(["initial"], baseUrl);
  const read = await stage.worker({ work: "read", baseUrl, count: pages });
  stop();
  const [ratio, beside] = [ms / (pages * 100), ms / read].map((value) => value.toFixed(3));
  process.stdout.write(
    `initial, ${pages} pages of 100 ms: ${(ms / 1000).toFixed(2)} s, ${ratio} of the service's own time (target: 1.05 or less), ${beside} of the time of reading with node:http alone\n`,
  );
}

try {
  if (flags.only.includes("copy")) await besideCopy();
  if (flags.only.includes("latency")) await withLatency();
} finally {
  await stage.close();
}
