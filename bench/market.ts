// Time of `/market` compared with the facets of the same selection (see --help). Starts its own PostgreSQL server.
import { parseArgs } from "node:util";
import { createColumnStores } from "../src/api/facets/column-stores.ts";
import { countFacets } from "../src/api/facets/count-facets.ts";
import { endedOf, marketOf } from "../src/api/facets/market.ts";
import { parseQueryString } from "../src/api/http/query-string.ts";
import { toSelection } from "../src/api/query/offers-query.ts";
import { marketParameters, readParameters } from "../src/api/query/parameters.ts";
import { createLabels } from "../src/api/schema/labels.ts";
import { createDatabase, type Database } from "../src/database/index.ts";
import { startPostgres } from "../tools/postgres.ts";
import { insertListings, listings } from "../tools/processed.ts";
import { median, printTable } from "./pipeline/stage.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "50000" },
    ended: { type: "string", default: "0.16" },
    pairs: { type: "string", default: "15" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- market [--rows 50000] [--ended 0.16] [--pairs 15]
  /market and the facets of the same selections, over ROWS listings of which the share ENDED has ended in the last seven days,
  in alternating pairs
`,
  );
  process.exit(0);
}
const [rows, ended, pairs] = [flags.rows, flags.ended, flags.pairs].map(Number) as [number, number, number];
const SELECTIONS = [
  "",
  "mark=Acura",
  "mark=Acura&model=X5",
  "price_from=50000&price_to=100000",
  "color=white&body_type=suv&engine_type=gasoline",
  "year_from=2020&km_age_to=50000&province=Guangdong",
];

const server = await startPostgres();
const database = await createDatabase({ url: server.url("bench") });
try {
  await insertListings(database, listings(rows));
  await database.query(
    `update processed_data
        set first_seen_at = now() - random() * interval '60 days', removed_at = null, active_status = 0`,
  );
  await database.query(
    `update processed_data set active_status = 1, removed_at = now() - random() * interval '7 days' where random() < $1`,
    [ended],
  );
  await database.query("vacuum analyze processed_data");
  const labels = createLabels();
  const parameters = marketParameters(labels);
  const state = { version: "0", read: <T>(work: (db: Database) => Promise<T>) => work(database) };
  const { store } = await createColumnStores().current(state);
  const { store: gone } = await createColumnStores("ended").current(state);
  const table = [["", "facets ms", "market ms", "ratio"]];
  const now = Date.now();
  const ratios: number[] = [];
  for (const search of SELECTIONS) {
    const { conditions } = toSelection(readParameters(parameters, parseQueryString(search)), labels, now);
    const times: Record<"facets" | "market", number[]> = { facets: [], market: [] };
    for (let pair = 0; pair <= pairs; pair += 1) {
      let begun = performance.now();
      JSON.stringify(countFacets(store, conditions, undefined));
      const facets = performance.now() - begun;
      begun = performance.now();
      const ended = endedOf(gone, conditions, undefined, now);
      JSON.stringify(marketOf(store, conditions, undefined, ended, now));
      // The first pair warms up.
      if (pair > 0) {
        times.facets.push(facets);
        times.market.push(performance.now() - begun);
      }
    }
    const [facets, market] = [median(times.facets), median(times.market)];
    ratios.push(market / facets);
    table.push([search || "(all)", facets.toFixed(1), market.toFixed(1), (market / facets).toFixed(2)]);
  }
  printTable(table);
  process.stdout.write(
    `largest ratio to the facets: ${Math.max(...ratios).toFixed(2)} (target: 2 or less)\n`,
  );
} finally {
  await database.close();
  await server.destroy();
}
