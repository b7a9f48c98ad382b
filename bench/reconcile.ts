// Cost of `reconcile` over the API, relative to `initial` of the same catalogue (see --help). Starts its own PostgreSQL
// server and upstream.
import { parseArgs } from "node:util";
import { grouped, median, openStage, printTable, startUpstream } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    rounds: { type: "string", default: "3" },
    source: { type: "boolean", default: false },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- reconcile [--rows 20000] [--rounds 3] [--source] [--server URL]
  Loads ROWS listings from a service without latency, then compares the equal copy with it: the ratio of the times, the row
  versions that the comparison writes, dead tuples, and transactions per page.
`,
  );
  process.exit(0);
}
const [rows, rounds] = [flags.rows, flags.rounds].map(Number) as [number, number];
const stage = await openStage(flags);

/** Statistics of raw_data and of the database, as of now. */
async function statistics() {
  // Statistics of other sessions arrive within a second.
  await stage.query("select pg_sleep(2)");
  const [row] = await stage.query(
    `select n_tup_ins::int as inserted, n_tup_upd::int as updated, n_dead_tup::int as dead,
            (select xact_commit::int from pg_stat_database where datname = current_database()) as transactions
       from pg_stat_user_tables where relname = 'raw_data'`,
  );
  return row as { inserted: number; updated: number; dead: number; transactions: number };
}

try {
  const { baseUrl, stop } = await startUpstream({ offers: rows, changes: 0, latencyMs: 0 });
  const table = [
    [
      "round",
      "initial s",
      "reconcile s",
      "ratio",
      "rows written",
      "dead tuples",
      "transactions/page",
      "peak MB",
    ],
  ];
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await stage.clear();
    const load = await stage.command(["initial"], baseUrl);
    const before = await statistics();
    const compared = await stage.command(["reconcile"], baseUrl);
    const after = await statistics();
    const { status, unchanged, pages } = compared.result;
    if (status !== "OK" || unchanged !== rows) {
      throw new Error(`The copy is not equal: ${JSON.stringify(compared.result)}`);
    }
    ratios.push(compared.ms / load.ms);
    table.push([
      String(round),
      ...[load.ms, compared.ms].map((ms) => (ms / 1000).toFixed(2)),
      (compared.ms / load.ms).toFixed(2),
      grouped(after.inserted + after.updated - before.inserted - before.updated),
      grouped(after.dead - before.dead),
      ((after.transactions - before.transactions) / Number(pages)).toFixed(2),
      compared.rssMb.toFixed(0),
    ]);
  }
  stop();
  printTable(table);
  process.stdout.write(`median ratio to initial: ${median(ratios).toFixed(2)}\n`);
} finally {
  await stage.close();
}
