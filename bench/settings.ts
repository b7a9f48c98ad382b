// Effect of PostgreSQL's settings on this load (see --help). Starts its own PostgreSQL server.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { createDatabase } from "../src/database/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createTokens } from "../src/tokens/index.ts";
import { startPostgres } from "../tools/postgres.ts";
import { insertListings, listings } from "../tools/processed.ts";
import { grouped, median, printTable } from "./pipeline/stage.ts";
import { BIN, openPlace } from "./storage/place.ts";
import { mb, walPosition } from "./storage/sizes.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    changes: { type: "string", default: "15000" },
    listed: { type: "string", default: "50000" },
    only: { type: "string", default: "writes,queries" },
    dump: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- settings [--rows 20000] [--changes 15000] [--listed 50000] [--only writes,queries] [--dump FILE]
  writes   restore of ROWS listings and daily of CHANGES changes, once with each setting; max_wal_size scaled to ROWS of
           250,000. --dump keeps the dump between runs
  queries  pages of the API from LISTED listings, with each setting, after a restart of the server; shared_buffers scaled
           to LISTED of 250,000
`,
  );
  process.exit(0);
}
const [rows, changes, listed] = [flags.rows, flags.changes, flags.listed].map(Number) as [
  number,
  number,
  number,
];
type Settings = Readonly<Record<string, string>>;
/** PostgreSQL's minimum: two WAL segments. */
const scaled = (megabytes: number) => `${Math.max(32, Math.round((megabytes * rows) / 250_000))}MB`;
const WRITES: readonly Settings[] = [
  {},
  { max_wal_size: scaled(1_024) },
  { max_wal_size: scaled(2_048) },
  { max_wal_size: scaled(8_192) },
  { synchronous_commit: "off" },
  { wal_compression: "pglz" },
  { shared_buffers: "512MB" },
];
const buffers = (megabytes: number) => `${Math.round((megabytes * listed) / 250_000)}MB`;
const QUERIES: readonly Settings[] = [
  { shared_buffers: buffers(128) },
  { shared_buffers: buffers(512) },
  { shared_buffers: buffers(128), random_page_cost: "1.1" },
  { shared_buffers: buffers(512), random_page_cost: "1.1", effective_cache_size: buffers(1_500) },
  { shared_buffers: buffers(128) },
];
const named = (settings: Settings) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ") || "PostgreSQL's defaults";

const server = await startPostgres({ fsync: "on" });

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Restarts the server with these settings only. */
async function restart(settings: Settings): Promise<void> {
  await onServer(async (client) => {
    await client.query("alter system reset all");
    for (const [name, value] of Object.entries(settings)) {
      await client.query(`alter system set ${name} = '${value}'`);
    }
    await client.query("checkpoint");
  });
  await server.stop();
  await server.start();
}

/** Checkpoints requested by the amount of WAL. */
const forced = () =>
  onServer(async (client) => {
    const { rows } = await client.query("select num_requested::int as count from pg_stat_checkpointer");
    return Number(rows[0]?.count);
  });

async function writes(): Promise<void> {
  const sandbox = await startSandbox({
    offers: rows,
    changesPerDay: 0,
    now: () => new Date("2026-06-15T09:00:00Z"),
  });
  const place = await openPlace(sandbox.baseUrl);
  const dump = flags.dump ?? `${place.cwd}/bench.dump`;
  if (!existsSync(dump)) {
    await place.run(["initial"], server.url("source"));
    await place.run(["normalize"], server.url("source"));
    await place.run(["dump", dump], server.url("source"));
    await onServer((client) => client.query("drop database source with (force)"));
  }
  sandbox.advance(changes);
  const table = [["", "restore s", "log MB", "checkpoints", "daily s", "log MB", "checkpoints"]];
  for (const [index, settings] of WRITES.entries()) {
    await restart(settings);
    const url = server.url(`writes_${index}`);
    const database = await createDatabase({ url });
    const cells: string[] = [];
    for (const args of [["restore", dump], ["daily"]]) {
      const [log, before] = [await walPosition(database), await forced()];
      const { ms } = await place.run(args, url);
      cells.push(
        (ms / 1000).toFixed(1),
        mb((await walPosition(database)) - log),
        `${(await forced()) - before}`,
      );
    }
    await database.close();
    await onServer((client) => client.query(`drop database writes_${index} with (force)`));
    table.push([named(settings), ...cells]);
    process.stderr.write(`${table.at(-1)?.join("  ")}\n`);
  }
  await place.remove();
  await sandbox.close();
  process.stdout.write(
    `${grouped(rows)} listings, ${grouped(changes)} changes; start of the command included\n`,
  );
  printTable(table);
}

const PATHS = [
  ...["sort=-created_at", "sort=price&page=5000", "mark=Acura&page=50", "mark=Acura&model=X5&sort=price"],
  ...[
    "price_from=50000&price_to=100000",
    "color=white&body_type=suv&sort=-price",
    "city=Shenzhen&sort=price",
  ],
  ...["year_from=2024&sort=km_age", "q=audi", "q=x5+shenzhen", "province=Guangdong&sort=price&page=20"],
];

/** Milliseconds per path, uncached. */
async function ask(url: string, token: string): Promise<{ first: number; later: number; peakMb: number }> {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [BIN, "serve", "--port", "0"], {
    cwd: "/",
    env: { PATH, DATABASE_URL: url, LOG_DIR: "false" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (text: Buffer) => {
      said += text;
      const found = /The API answers at (\S+?)[,\s]/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(said)));
  });
  let most = 2_000_000_000;
  const taken = PATHS.map(() => [] as number[]);
  for (let repeat = 0; repeat < 8; repeat += 1) {
    for (const [index, path] of PATHS.entries()) {
      most -= 1;
      const begun = performance.now();
      const answer = await fetch(new URL(`offers?${path}&km_age_to=${most}`, address), {
        headers: { "x-api-key": token },
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      taken[index]?.push(performance.now() - begun);
    }
  }
  const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "latin1")) ?? [];
  child.kill();
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    first: sum(taken.map(([first = Number.NaN]) => first)),
    later: sum(taken.map(([, ...later]) => median(later))),
    peakMb: Number(peak) / 1024,
  };
}

async function queries(): Promise<void> {
  const url = server.url("queries");
  const database = await createDatabase({ url });
  await insertListings(database, listings(listed, { marks: 150, modelsPerMark: 12, padding: 1_500 }));
  await database.query("vacuum (analyze) processed_data");
  const [token] = await createTokens({ database }).create();
  await database.close();
  const table = [["", "first ms", "later ms", "serve, peak MB"]];
  for (const settings of QUERIES) {
    await restart(settings);
    const { first, later, peakMb } = await ask(url, token?.token ?? "");
    table.push([named(settings), first.toFixed(0), later.toFixed(0), peakMb.toFixed(0)]);
  }
  process.stdout.write(
    `${PATHS.length} requests to the API, one after another, ${grouped(listed)} listings\n`,
  );
  printTable(table);
}

try {
  if (flags.only.includes("writes")) await writes();
  if (flags.only.includes("queries")) await queries();
} finally {
  await server.destroy();
}
