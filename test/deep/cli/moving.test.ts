import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { type CommandOptions, runCommand, startCommand } from "../../support/process/command.ts";

/** Number of listings; for more, run `MOVED_LISTINGS=20000 npx vitest run test/deep/cli/moving.test.ts`. */
const LISTINGS = Number(process.env.MOVED_LISTINGS ?? 1_000);
const PATIENCE_MS = 900_000 + LISTINGS * 60;
const CHANGES = Math.round(LISTINGS * 0.06);

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ offers: LISTINGS, changesPerDay: 0 });
});
afterAll(() => sandbox.close());

type Place = CommandOptions & { readonly url?: string };

/** A directory where commands use the embedded database, or one of the server. */
async function place(kind: "embedded" | "server"): Promise<Place> {
  const upstream = { offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 };
  const cwd = await directoryWith({ "che168.config.json": JSON.stringify({ upstream }) });
  const env = { CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key" };
  if (kind === "embedded") {
    return { cwd, env };
  }
  const { url, drop } = await freshServerDatabase();
  onTestFinished(drop);
  return { cwd, env: { ...env, DATABASE_URL: url }, url };
}

const seconds: string[] = [];
async function run(at: Place, title: string, ...args: string[]): Promise<string> {
  const begun = performance.now();
  const { code, stdout, stderr } = await runCommand(args, at);
  expect(`${args.join(" ")}: ${code}\n${code === 0 ? "" : stderr}`).toBe(`${args.join(" ")}: 0\n`);
  seconds.push(`${title} ${args[0]} ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return stdout;
}

/**
 * Every row of listings and positions, column by column, without ids (a sequence skips some when its database is
 * killed) and the times of our runs; long values as hashes.
 */
async function rowsOf({ url = "" }: Place): Promise<Record<string, unknown[]>> {
  const database = await createDatabase({ url });
  const found: Record<string, unknown[]> = {};
  for (const [table, own] of [
    ["raw_data", ["id", "first_loaded_at", "last_updated_at"]],
    ["processed_data", ["id", "first_seen_at", "removed_at", "updated_at"]],
    ["sync_state", ["updated_at"]],
    ["load_state", ["started_at", "finished_at"]],
    ["rejected_records", ["rejected_at"]],
  ] as const) {
    const { rows } = await database.query<{ row: unknown }>(
      `select (select jsonb_object_agg(key, case when length(value::text) > 40 then md5(value::text) else value::text end)
                 from jsonb_each(to_jsonb(t) - $1::text[])) as row
         from ${table} as t order by to_jsonb(t)->>'inner_id', id`,
      [`{${own.join(",")}}`],
    );
    found[table] = rows.map(({ row }) => row);
  }
  await database.close();
  return found;
}

/** Responses of the API to a site with its own token. */
async function answers(at: Place, token: string): Promise<string[]> {
  const server = startCommand(["serve", "--port", "0"], at);
  let said = "";
  server.child.stderr?.on("data", (text: string) => {
    said += text;
  });
  await server.shown(/The API listens at .*\n/);
  const address = /The API listens at (\S+?)[,\s]/.exec(said)?.[1] ?? "";
  const ask = async (path: string) => {
    const answer = await fetch(new URL(path, address), { headers: { "x-api-key": token } });
    // The times of our runs.
    const text = (await answer.text()).replace(
      /"(at|first_seen_at|removed_at|updated_at)":"[^"]*"/g,
      '"$1":""',
    );
    return `${path} ${answer.status} ${text}`;
  };
  const found: string[] = [];
  for (const query of ["", "&page=3", "&sort=price", "&sort=-km_age&lang=ru", "&q=bmw", "&year_from=2020"]) {
    found.push(await ask(`offers?limit=100${query}`));
  }
  const { result } = JSON.parse(/\{.*/s.exec(found[0] ?? "")?.[0] ?? "") as {
    result: { inner_id: string }[];
  };
  for (const { inner_id } of result.slice(0, 5)) {
    found.push(await ask(`offers/${inner_id}?lang=en`));
  }
  found.push(await ask("filters"));
  server.child.kill("SIGTERM");
  await server.ended;
  return found;
}

test(
  "a catalogue moved from a laptop to a server equals one that was loaded there",
  async () => {
    const [laptop, moved, stayed] = [await place("embedded"), await place("server"), await place("server")];
    const tokens = (await run(laptop, "laptop", "init")).trim().split("\n");
    const ownTokens = (await run(stayed, "server", "init")).trim().split("\n");
    for (const [at, title] of [
      [laptop, "laptop"],
      [stayed, "server"],
    ] as const) {
      await run(at, title, "initial");
      await run(at, title, "normalize");
    }
    sandbox.advance(CHANGES);
    await run(laptop, "laptop", "daily", "--no-normalize");
    await run(stayed, "server", "daily", "--no-normalize");
    // Some rows move unprocessed: the server continues where the laptop stopped.
    const file = join(laptop.cwd, "che168.dump");
    await run(laptop, "laptop", "dump", file);
    await run(moved, "moved", "restore", file);
    sandbox.advance(CHANGES);
    for (const [at, title] of [
      [moved, "moved"],
      [stayed, "server"],
    ] as const) {
      await run(at, title, "normalize");
      await run(at, title, "daily");
    }

    const rows = await rowsOf(moved);
    expect(rows.raw_data?.length).toBeGreaterThan(LISTINGS);
    expect(rows.processed_data?.length).toBe(rows.raw_data?.length);
    expect(await rowsOf(stayed)).toEqual(rows);
    const [token = "", ownToken = ""] = [tokens[7], ownTokens[7]];
    const told = await answers(moved, token);
    expect(told.map((answer) => answer.split(" ")[1])).toEqual(told.map(() => "200"));
    expect(await answers(stayed, ownToken)).toEqual(told);
    if (process.env.MOVED_LISTINGS !== undefined) {
      process.stdout.write(`${seconds.join("\n")}\ndump ${(await stat(file)).size} bytes\n`);
    }
  },
  PATIENCE_MS,
);
