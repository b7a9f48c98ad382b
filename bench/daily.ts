// Speed of `daily`, as a ratio within one run (see --help). Starts its own PostgreSQL server and upstream.
import { parseArgs } from "node:util";
import { grouped, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    changes: { type: "string", default: "15000" },
    sample: { type: "string", default: "1000" },
    runs: { type: "string", default: "3" },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- daily [--rows 20000] [--changes 15000] [--sample 1000] [--runs 3] [--source] [--server URL]
  daily --no-normalize: CHANGES changes (70 % changed, 15 % added, 15 % removed) from a service without latency on ROWS
  rows, beside one SELECT and one UPDATE for each of SAMPLE of the same changes; RUNS times, alternating
  Measured is the built command; with --source the command from its sources. --server: a PostgreSQL server of your own
  (database che168_bench is made anew on it) instead of the one that npm brings, which has no lz4.
`,
  );
  process.exit(0);
}
const [rows, changes, sample, runs] = [flags.rows, flags.changes, flags.sample, flags.runs].map(Number) as [
  number,
  number,
  number,
  number,
];
const stage = await openStage(flags);
try {
  const { baseUrl, stop } = await startUpstream({ offers: rows, changes, latencyMs: 0 });
  await stage.clear();
  await stage.worker({ work: "copy", baseUrl, count: rows });
  await stage.query("vacuum analyze raw_data");
  const rewind = async () => {
    await stage.query("update raw_data set change_id = null where change_id is not null");
    await stage.query("truncate sync_state");
    await stage.query("vacuum raw_data");
    await stage.query("checkpoint");
  };
  const perSecond = (count: number, ms: number) => (count / ms) * 1000;
  const head = `daily, ${grouped(changes)} changes on ${grouped(rows)} rows`;
  const table = [[head, "seconds", "changes/s", "one by one", "ratio", "CPU s", "peak MB"]];
  const ratios: number[] = [];
  for (let run = 1; run <= runs; run += 1) {
    await rewind();
    const { ms, cpuMs, rssMb } = await stage.command(["daily", "--no-normalize"], baseUrl);
    await rewind();
    const oneByOne = perSecond(sample, await stage.worker({ work: "one by one", baseUrl, count: sample }));
    const ratio = perSecond(changes, ms) / oneByOne;
    ratios.push(ratio);
    table.push([
      `run ${run}`,
      ...[(ms / 1000).toFixed(1), grouped(perSecond(changes, ms)), grouped(oneByOne), ratio.toFixed(1)],
      ...[(cpuMs / 1000).toFixed(1), rssMb.toFixed(0)],
    ]);
  }
  stop();
  printTable(table);
  process.stdout.write(`median ratio: ${median(ratios).toFixed(1)} (target: 20 or more)\n`);
} finally {
  await stage.close();
}
