// Disk space of a catalogue, initially and after days of changes (see --help).
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDatabase, type Database } from "../src/database/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { startPostgres } from "../tools/postgres.ts";
import { grouped, printTable } from "./pipeline/stage.ts";
import { openPlace } from "./storage/place.ts";
import { deadRows, lookedUp, mb, tableSizes, walPosition } from "./storage/sizes.ts";

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "20000" },
    days: { type: "string", default: "10" },
    scale: { type: "string", default: "250000" },
    server: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (flags.help) {
  process.stdout.write(
    `npm run bench -- storage [--rows 20000] [--days 10] [--scale 250000] [--server postgres://user@host:port/]
  loads and normalises ROWS listings of the sandbox with the built command and reports the bytes of tables, indexes and
  WAL, also scaled to SCALE listings; then applies DAYS days of changes to 6 % of the rows each (15,000 of 250,000), with
  autovacuum as set by the migrations and, on a copy, with PostgreSQL's defaults. Autovacuum runs every second, because
  the days are compressed. --server: instead of the server from npm; creates two databases there
`,
  );
  process.exit(0);
}
const [rows, days, scale] = [flags.rows, flags.days, flags.scale].map(Number) as [number, number, number];
const changes = Math.round(rows * 0.06);
const factor = scale / rows;
const say = (line: string) => void process.stdout.write(`${line}\n`);

const server =
  flags.server === undefined
    ? await startPostgres({ fsync: "on", max_wal_size: "2GB", autovacuum_naptime: "1s" })
    : undefined;
const base = flags.server ?? server?.url("") ?? "";
const sandbox = await startSandbox({ offers: rows, changesPerDay: 0 });
const place = await openPlace(sandbox.baseUrl);
const name = `bench_${process.pid}`;
const [tuned, untuned] = [`${base}${name}`, `${base}${name}_default`];

async function load(): Promise<void> {
  const database = await createDatabase({ url: tuned });
  const table = [["step", "seconds", "peak MB", "log MB", `log MB for ${grouped(scale)}`]];
  const step = async (args: readonly string[]) => {
    const before = await walPosition(database);
    const { ms, rssMb } = await place.run(args, tuned);
    const written = (await walPosition(database)) - before;
    table.push([args[0] ?? "", (ms / 1000).toFixed(1), rssMb.toFixed(0), mb(written), mb(written * factor)]);
  };
  await step(["initial"]);
  await step(["normalize"]);
  const file = join(place.cwd, "bench.dump");
  await step(["dump", file]);
  printTable(table);
  await database.query("vacuum (analyze) raw_data");
  await database.query("vacuum (analyze) processed_data");
  await tellSizes(database, `after loading ${grouped(rows)} listings`);
  const { size } = await stat(file);
  say(`dump: ${mb(size)} MB, for ${grouped(scale)} ${mb(size * factor)} MB`);
  await database.close();
}

async function tellSizes(database: Database, title: string): Promise<void> {
  const table = [[`MB, ${title}`, "rows", "moved out", "indexes", "all", `for ${grouped(scale)}`]];
  for (const { name, heap, toast, indexes } of await tableSizes(database)) {
    const all = heap + toast + indexes;
    table.push([name, ...[heap, toast, indexes, all, all * factor].map(mb)]);
  }
  printTable(table);
}

/** Waits until autovacuum has nothing left to do. @returns the maximum of dead rows seen */
async function settle(database: Database): Promise<Record<string, number>> {
  const most: Record<string, number> = {};
  let [last, quiet] = ["", 0];
  for (let tries = 0; tries < 60 && quiet < 6; tries += 1) {
    await sleep(500);
    const dead = await deadRows(database);
    for (const [table, count] of Object.entries(dead)) {
      most[table] = Math.max(most[table] ?? 0, count);
    }
    const { rows: busy } = await database.query("select from pg_stat_progress_vacuum");
    const now = JSON.stringify([dead, busy.length]);
    quiet = now === last && busy.length === 0 ? quiet + 1 : 0;
    last = now;
  }
  return most;
}

async function liveOn(): Promise<void> {
  const admin = await createDatabase({ url: `${base}${name}_admin` });
  await admin.query(`create database ${name}_default template ${name}`);
  const kinds = [
    { title: "as the migrations set it", url: tuned },
    { title: "as PostgreSQL's defaults are", url: untuned },
  ];
  const databases = await Promise.all(kinds.map(({ url }) => createDatabase({ url })));
  for (const table of ["raw_data", "processed_data"]) {
    await databases[1]?.query(`alter table ${table} reset (autovacuum_vacuum_scale_factor)`);
    await databases[1]?.query(`vacuum (analyze) ${table}`);
  }
  const most: Record<string, number>[] = [{}, {}];
  const written = [0, 0];
  const seconds = [0, 0];
  for (let day = 1; day <= days; day += 1) {
    sandbox.advance(changes);
    for (const [index, database] of databases.entries()) {
      const before = await walPosition(database);
      const { ms } = await place.run(["daily"], kinds[index]?.url ?? "");
      seconds[index] = (seconds[index] ?? 0) + ms / 1000;
      const seen = await settle(database);
      written[index] = (written[index] ?? 0) + (await walPosition(database)) - before;
      for (const [table, count] of Object.entries(seen)) {
        most[index] = { ...most[index], [table]: Math.max(most[index]?.[table] ?? 0, count) };
      }
    }
  }
  for (const [index, database] of databases.entries()) {
    say(`\nautovacuum ${kinds[index]?.title}, ${days} days of ${grouped(changes)} changes:`);
    await tellSizes(database, `after ${days} days`);
    const perDay = (written[index] ?? 0) / days;
    const { rows: runs } = await database.query<{ name: string; runs: number }>(
      "select relname as name, autovacuum_count::int as runs from pg_stat_user_tables where relname in ('raw_data', 'processed_data')",
    );
    say(
      `most dead rows: ${JSON.stringify(most[index])}, now ${JSON.stringify(await deadRows(database))}; ` +
        `vacuumed: ${runs.map(({ name, runs }) => `${name} ${runs}`).join(", ")}; ` +
        `an index-only scan of all listings looks up ${grouped(await lookedUp(database))} of them; ` +
        `daily ${((seconds[index] ?? 0) / days).toFixed(1)} s; log ${mb(perDay)} MB a day, for ${grouped(scale)} ${mb(perDay * factor)} MB`,
    );
    await database.close();
  }
  for (const gone of [`${name}_default`, name]) {
    await admin.query(`drop database ${gone} with (force)`);
  }
  await admin.close();
}

try {
  await load();
  if (days > 0) {
    await liveOn();
  }
} finally {
  await place.remove();
  await sandbox.close();
  await server?.destroy();
}
