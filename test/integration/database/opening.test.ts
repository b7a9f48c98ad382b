import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/loader.ts";
import { startPostgres } from "../../../tools/postgres.ts";
import { onEachDatabase, onServer } from "../../support/database/databases.ts";
import { emptyDatabase, newName, open, run, urlOf } from "../../support/database/opening.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

const exists = async (name: string): Promise<boolean> =>
  (await run(urlOf("postgres"), `select from pg_database where datname = '${name}'`)).length === 1;

describe("a missing database", () => {
  test("is created, unless the caller excludes that", async () => {
    const name = newName();
    onTestFinished(() => onServer(`drop database if exists ${name} with (force)`));
    await expect(createDatabase({ url: urlOf(name), createIfMissing: false })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining(`There is no database ${name}; \`che168-sync init\` creates it`),
    });
    expect(await exists(name)).toBe(false);
    await expect(createDatabase({ url: urlOf(name), autoMigrate: false })).rejects.toThrow(
      /There is no database/,
    );
    expect(await exists(name)).toBe(false);
    const database = await open({ url: urlOf(name) });
    expect((await database.migrations.status()).pending).toEqual([]);
  });

  test("is created in UTF8 on a server whose template is LATIN1", async () => {
    const server = await startPostgres({}, { encoding: "LATIN1" });
    onTestFinished(() => server.destroy());
    const database = await open({ url: server.url("new") });
    expect((await database.query("show server_encoding")).rows).toEqual([{ server_encoding: "UTF8" }]);
  });

  test("that the role may not create is an error with the statement", async () => {
    const role = newName();
    await onServer(`create role ${role} login`);
    onTestFinished(() => onServer(`drop role ${role}`));
    const name = newName();
    await expect(createDatabase({ url: urlOf(name), user: role })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining(`CREATE DATABASE "${name}" OWNER "${role}"`),
    });
  });
});

describe("a database without tables", () => {
  test("gets them, unless the caller excludes that", async () => {
    const name = await emptyDatabase();
    const reading = createDatabase({ url: urlOf(name), createIfMissing: false, autoMigrate: false });
    await expect(reading).rejects.toMatchObject({
      code: "SCHEMA_OUTDATED",
      message: "The database has no tables of che168-sync; `che168-sync init` creates them.",
    });
    const tables = "select relname from pg_class where relnamespace = 'public'::regnamespace";
    expect(await run(urlOf(name), tables)).toEqual([]);
    await open({ url: urlOf(name), createIfMissing: true, autoMigrate: false });
    expect((await run(urlOf(name), tables)).length).toBeGreaterThan(5);
  });

  test("of a role without CREATE is an error with the GRANT", async () => {
    const name = await emptyDatabase();
    const role = newName();
    await onServer(`create role ${role} login`);
    const url = urlOf(name);
    await run(url, "revoke create on schema public from public");
    onTestFinished(() => onServer(`drop role ${role}`));
    onTestFinished(async () => {
      await run(url, `drop owned by ${role}`);
    });
    await expect(createDatabase({ url, user: role })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining(`GRANT CREATE, USAGE ON SCHEMA public TO ${role}`),
    });
    await run(url, `grant create, usage on schema public to ${role}`);
    await (await createDatabase({ url, user: role })).close();
  });
});

describe("a database in an encoding without Chinese characters", () => {
  test.each(["LATIN1", "SQL_ASCII"])("%s is rejected with the remedy", async (encoding) => {
    const name = await emptyDatabase(`template template0 encoding '${encoding}' locale 'C'`);
    await expect(createDatabase({ url: urlOf(name) })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(new RegExp(`encoding is ${encoding}, .*encoding 'UTF8'`)),
    });
  });
});

test("a refused login is a configuration error that names what to check", async () => {
  const url = new URL(urlOf("postgres"));
  url.username = newName();
  await expect(createDatabase({ url: url.href })).rejects.toMatchObject({
    code: "DATABASE_UNUSABLE",
    message: expect.stringContaining("Check DB_USER and DB_PASSWORD"),
  });
});

test("presets of the database that change the form of values have no effect", async () => {
  const name = await emptyDatabase();
  for (const preset of [
    "datestyle = 'German'",
    "timezone = 'Asia/Shanghai'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'escape'",
    "standard_conforming_strings = off",
    "default_transaction_isolation = 'serializable'",
  ]) {
    await onServer(`alter database ${name} set ${preset}`);
  }
  const database = await open({ url: urlOf(name) });
  const client = clientOf(await serve({ offers: offers(25) }));
  expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
  const { rows } = await database.query(
    "select '2026-11-24T03:00:00Z'::timestamptz::text as at, current_setting('transaction_isolation') as isolation",
  );
  expect(rows).toEqual([{ at: "2026-11-24 03:00:00+00", isolation: "read committed" }]);
});

onEachDatabase("closing a database", ({ options }) => {
  test("twice, also concurrently, closes it once; later statements fail", async () => {
    const database = await createDatabase(options());
    await database.control.query("select 1");
    await Promise.all([database.close(), database.close()]);
    await database.close();
    await expect(database.query("select 1")).rejects.toThrow();
  });
});

test("closing a database closes the connections to its replicas", async () => {
  const url = urlOf(await emptyDatabase());
  const database = await createDatabase({ url, replicas: [url] });
  const [replica] = database.replicas;
  const read = () => replica?.session(async (session) => (await session.query("select 1")).rowCount);
  expect(await read()).toBe(1);
  await database.close();
  await expect(read()).rejects.toThrow();
});
