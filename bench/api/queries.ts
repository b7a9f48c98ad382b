import type { Pool } from "pg";
import { createStatementCache } from "../../src/api/cache/query-cache.ts";
import { createColumnStores } from "../../src/api/facets/column-stores.ts";
import { countFacets } from "../../src/api/facets/count-facets.ts";
import { parseQueryString } from "../../src/api/http/query-string.ts";
import { listStatement } from "../../src/api/query/list-sql.ts";
import { type OffersQuery, toOffersQuery } from "../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../src/api/query/parameters.ts";
import { readOffersPage } from "../../src/api/query/read-offers.ts";
import { postgresQueryable } from "../../src/database/native-clients.ts";

/** All existing listings. */
const NEWEST = 2_000_000_000;
const REPEATS = 7;

/** Typical queries of sites: single filters and combinations. */
const QUERIES = [
  "",
  "page=100",
  "page=5000",
  "sort=price&page=5000",
  "sort=-price",
  "sort=year",
  "sort=-year&page=50",
  "sort=km_age",
  "mark=Acura",
  "mark=Acura&page=500",
  "mark=Acura&sort=price",
  "mark=Avatr",
  "mark=Avatr&sort=price",
  "mark=Acura&model=X5",
  "mark=Acura&model=X5&sort=price",
  "model=RX&sort=-km_age",
  "price_from=50000&price_to=100000&sort=price",
  "price_from=50000&price_to=100000",
  "year_to=2010&sort=km_age",
  "year_from=2024&sort=price",
  "color=white&body_type=suv&engine_type=gasoline&sort=-price",
  "color=multicolor&body_type=motorhome",
  "city=Shenzhen",
  "city=Shenzhen&sort=price",
  "province=Guangdong&sort=price&page=20",
  "mark=Acura,Audi&power_from=200&displacement_to=2.0",
  "transmission_type=automatic&drive_type=awd&sort=-year",
  "seller_type=private&sort=price&page=20",
  "km_age_to=1000&sort=price",
  "displacement_from=5&sort=km_age",
  "mark=Avatr&color=orange&body_type=truck&drive_type=rwd&year_from=2010&price_to=9000",
  "mark=Nothing&sort=price",
];
const WORDS = ["q=audi", "q=x5+shenzhen", "q=land+cruiser&sort=price", "q=а", "q=a", "q=宏光&mark=Audi"];

const parameters = offersParameters(100);
const queryOf = (search: string): OffersQuery =>
  toOffersQuery(readParameters(parameters, parseQueryString(search)), { pageSize: 20 });

/** Median milliseconds of several runs. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  await work();
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const begun = performance.now();
    await work();
    taken.push(performance.now() - begun);
  }
  return taken.sort((one, other) => one - other)[Math.floor(REPEATS / 2)] ?? Number.NaN;
}

const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** Compares the API's statements with each other, and with plain ones on a plain table. */
export async function measureQueries(pool: Pool, say: (line: string) => void): Promise<void> {
  const database = postgresQueryable(pool);
  const names = createStatementCache();
  const page = (search: string) => time(() => readOffersPage(database, queryOf(search), NEWEST, names));
  const tell = (title: string, value: number, of: number, most: number) =>
    say(
      `${value <= of * most ? "ok  " : "MORE"} ${title}: ${(value / of).toFixed(2)} (${ms(value)} of ${ms(of)}), at most ${most}`,
    );

  const reached = async (search: string) => {
    const { text, values } = listStatement(queryOf(search), { branch: "keyed", limit: 1, offset: 99_999 });
    const { rows } = await pool.query(text, values as unknown[]);
    return { key: rows[0]?.key as string, id: rows[0]?.id as number };
  };
  for (const sort of ["-created_at", "price"]) {
    const query = queryOf(`sort=${sort}`);
    const far = { ...query, page: null, cursor: { sort: query.sort, ...(await reached(`sort=${sort}`)) } };
    const first = await page(`sort=${sort}`);
    tell(
      `${sort}: cursor at row 100,000, of page 1`,
      await time(() => readOffersPage(database, far, NEWEST, names)),
      first,
      1.5,
    );
  }

  // A plain table: default storage (values up to 2 kB stay in the row), one index per column, the plain query.
  await pool.query("set statement_timeout = 0");
  await pool.query("drop table if exists untuned");
  await pool.query("create table untuned (like processed_data including defaults)");
  await pool.query("insert into untuned select * from processed_data order by id");
  for (const column of [
    "id",
    "created_at",
    "price",
    "year",
    "km_age",
    "mark",
    "color",
    "body_type",
    "engine_type",
  ]) {
    await pool.query(`create index on untuned (${column})`);
  }
  await pool.query("vacuum analyze untuned");
  const plain = (order: string) =>
    time(() =>
      pool.query(
        `select * from untuned where active_status = 0 and not is_incomplete order by ${order} limit 20 offset 99980`,
      ),
    );
  const deep = await page("page=5000");
  tell(
    "page=5000 by time, of OFFSET on an untuned table",
    deep,
    await plain("created_at desc, id desc"),
    0.1,
  );
  tell(
    "page=5000 by price, of OFFSET on an untuned table",
    await page("sort=price&page=5000"),
    await plain("price, id"),
    0.1,
  );

  const times: [string, number][] = [];
  for (const search of QUERIES) {
    times.push([search, await page(search)]);
  }
  const slowest = times.toSorted(([, one], [, other]) => other - one);
  const deepest = times.find(([search]) => search === "page=5000")?.[1] ?? deep;
  tell(
    `the slowest of ${QUERIES.length} queries (${slowest[0]?.[0]}), of page=5000`,
    slowest[0]?.[1] ?? 0,
    deepest,
    1.2,
  );
  say(
    `     next: ${slowest
      .slice(1, 8)
      .map(([search, value]) => `${search} ${ms(value)}`)
      .join(", ")}; all together ${ms(times.reduce((sum, [, value]) => sum + value, 0))}`,
  );
  const words: string[] = [];
  for (const search of WORDS) {
    words.push(`${search} ${ms(await page(search))}`);
  }
  say(`     words: ${words.join(", ")}`);

  const sets = [
    "(mark, model)",
    "(mark)",
    "(province, city)",
    "(province)",
    "(color)",
    "(body_type)",
    "(engine_type)",
    "(transmission_type)",
    "(drive_type)",
    "(seller_type)",
  ];
  const untuned = await time(() =>
    pool.query(
      `select mark, model, province, city, color, body_type, engine_type, transmission_type, drive_type, seller_type, count(*)
         from untuned where active_status = 0 and not is_incomplete group by grouping sets (${sets.join(", ")})`,
    ),
  );
  const snapshot = {
    version: "1",
    newestId: NEWEST,
    newestEvent: 0,
    read: <T>(work: (db: typeof database) => Promise<T>) => work(database),
  };
  const begun = performance.now();
  const { store } = await createColumnStores().current(snapshot);
  say(`     column store: ${store.rows} rows read in ${ms(performance.now() - begun)}`);
  const scan = await time(() =>
    pool.query(
      "select count(mark), count(city), sum(price) from processed_data where active_status = 0 and not is_incomplete",
    ),
  );
  for (const search of ["", "mark=Acura", "mark=Acura&color=white&price_from=50000&year_from=2018"]) {
    const { conditions } = queryOf(search);
    const counted = await time(async () => countFacets(store, conditions, undefined));
    tell(`/filters?${search}, of GROUPING SETS on an untuned table`, counted, untuned, 0.3);
    tell(`/filters?${search}, of one scan of a covering index`, counted, scan, 2);
  }
  const { rows } = await pool.query(
    `select pg_size_pretty(pg_relation_size('processed_data')) as heap, pg_size_pretty(pg_indexes_size('processed_data')) as indexes,
            pg_size_pretty(pg_total_relation_size('processed_data')) as total`,
  );
  say(`     sizes: heap ${rows[0].heap}, indexes ${rows[0].indexes}, all ${rows[0].total}`);
}
