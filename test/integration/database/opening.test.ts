import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { RawData } from "../../../src/database/entities/index.ts";
import { createDatabase, type DatabaseOptions, isTransient } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/loader.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { onServer } from "../../support/database/databases.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { CERTIFICATE, enableTls } from "../../support/postgres/tls.ts";
import { clientOf, offers, serve } from "../../support/sandbox/service.ts";

const urlOf = (name: string) => `${inject("postgresUrl")}${name}`;

const newName = () => `open_${randomUUID().replaceAll("-", "").slice(0, 12)}`;

/** Creates an empty database, with the options of `create database`. */
async function emptyDatabase(options = ""): Promise<string> {
  const name = newName();
  await onServer(`create database ${name} ${options}`);
  onTestFinished(() => onServer(`drop database if exists ${name} with (force)`));
  return name;
}

async function run(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) {
      rows = (await client.query(statement)).rows;
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** Opens a database until the end of the test. */
async function open(options: DatabaseOptions) {
  const database = await createDatabase(options);
  onTestFinished(() => database.close());
  return database;
}

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

describe("another schema than public", () => {
  /** Loads 25 listings and reads them by SQL and by the ORM. */
  async function works(options: DatabaseOptions, schema: string): Promise<void> {
    const first = await createDatabase(options);
    await first.close();
    const database = await open({ ...options, autoMigrate: false });
    expect((await database.query("select current_schema() as schema")).rows).toEqual([{ schema }]);
    const client = clientOf(await serve({ offers: offers(25) }));
    expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
    expect(await database.orm.em.fork().count(RawData, {})).toBe(25);
    expect((await database.orm.schema.getUpdateSchemaSQL({ wrap: false })).trim()).toBe("");
    const { rows } = await database.query(
      "select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname in ('raw_data', 'che168_migrations')",
    );
    expect(rows).toEqual([{ schema }, { schema }]);
    expect(await database.migrations.down()).toBeDefined();
    expect(await database.migrations.up()).toHaveLength(1);
  }

  test("named by options in the URL, and created", async () => {
    const name = await emptyDatabase();
    await works({ url: `${urlOf(name)}?options=-c%20search_path%3Dcar` }, "car");
  });

  test("named by database.schema, with characters that need quotes", async () => {
    const name = await emptyDatabase();
    await works({ url: urlOf(name), schema: "My cars" }, "My cars");
  });

  test("of the role's search_path", async () => {
    const name = await emptyDatabase();
    const role = newName();
    await onServer(`create role ${role} login superuser`);
    await onServer(`alter role ${role} set search_path to car`);
    onTestFinished(() => onServer(`drop role ${role}`));
    await works({ url: urlOf(name), user: role }, "car");
    await onServer(`drop database ${name} with (force)`);
  });

  test("named like the role", async () => {
    const name = await emptyDatabase();
    const role = newName();
    await onServer(`create role ${role} login superuser`);
    onTestFinished(() => onServer(`drop role ${role}`));
    await run(urlOf(name), `create schema ${role} authorization ${role}`);
    await works({ url: urlOf(name), user: role }, role);
    await onServer(`drop database ${name} with (force)`);
  });

  test("on the connections of an application's pool", async () => {
    const { MikroORM } = await import("@mikro-orm/core");
    const { PostgreSqlDriver } = await import("@mikro-orm/postgresql");
    const name = await emptyDatabase();
    const orm = await MikroORM.init({
      driver: PostgreSqlDriver,
      clientUrl: urlOf(name),
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
    onTestFinished(() => orm.close(true));
    await run(urlOf(name), "create schema car");
    await works({ orm, schema: "car" }, "car");
  });

  test("in the embedded database", async () => {
    const database = await open({ dataDir: "memory://", schema: "car" });
    const client = clientOf(await serve({ offers: offers(25) }));
    expect(await createLoader({ database, client }).run()).toMatchObject({ status: "OK", loaded: 25 });
    expect(await database.orm.em.fork().count(RawData, {})).toBe(25);
  });

  test("two installations share a database, each with its own rows and locks", async () => {
    const name = await emptyDatabase();
    const one = await open({ url: urlOf(name) });
    const two = await open({ url: urlOf(name), schema: "second" });
    const lock = await one.lock(["data_fetch"], "the first");
    const client = clientOf(await serve({ offers: offers(7) }));
    await createLoader({ database: two, client }).run();
    expect(await two.lockHolders()).toEqual([]);
    expect(await one.lockHolders()).toMatchObject([{ kind: "data_fetch" }]);
    await lock.release();
    expect(await one.orm.em.fork().count(RawData, {})).toBe(0);
    expect(await two.orm.em.fork().count(RawData, {})).toBe(7);
  });

  test("that is missing is an error for readers, and created in no other", async () => {
    const name = await emptyDatabase();
    await createDatabase({ url: urlOf(name) }).then((database) => database.close());
    const reading = { url: urlOf(name), schema: "car", createIfMissing: false, autoMigrate: false };
    await expect(createDatabase(reading)).rejects.toThrow(
      /there is no schema car; `che168-sync init` creates it/,
    );
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

describe("TLS", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await enableTls(server);
  });
  afterAll(() => server.destroy());

  const url = (parameters: string, host = "localhost") =>
    `${server.url("tls").replace("127.0.0.1", host)}?${parameters}`;
  const isEncrypted = async (parameters: string): Promise<unknown> => {
    const database = await open({ url: url(parameters) });
    const { rows } = await database.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    return rows[0]?.ssl;
  };

  test.each([
    ["disable", "sslmode=disable", false],
    ["require: any certificate", "sslmode=require", true],
    ["no-verify: any certificate", "sslmode=no-verify", true],
    ["verify-ca with the authority", `sslmode=verify-ca&sslrootcert=${CERTIFICATE}`, true],
    ["verify-full with the authority", `sslmode=verify-full&sslrootcert=${CERTIFICATE}`, true],
    ["require with the authority", `sslmode=require&sslrootcert=${CERTIFICATE}`, true],
  ])("%s", async (_name, parameters, encrypted) => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    onTestFinished(() => {
      process.off("warning", warn);
    });
    expect(await isEncrypted(parameters)).toBe(encrypted);
    expect(warnings).toEqual([]);
  });

  test("verify-full rejects a self-signed certificate, and names sslrootcert and no-verify", async () => {
    await expect(createDatabase({ url: url("sslmode=verify-full") })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/self-signed.*sslrootcert=FILE.*sslmode=no-verify/),
    });
  });

  test("verify-full rejects another host name; verify-ca accepts it", async () => {
    const at = (mode: string) => ({ url: url(`sslmode=${mode}&sslrootcert=${CERTIFICATE}`, "127.0.0.1") });
    await expect(createDatabase(at("verify-full"))).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining("verify-ca"),
    });
    await open(at("verify-ca"));
  });

  test("an unreadable certificate, an unknown mode and verify-ca without a certificate are configuration errors", async () => {
    for (const [parameters, words] of [
      ["sslmode=verify-full&sslrootcert=/no/such.crt", /\/no\/such\.crt cannot be read \(ENOENT\)/],
      ["sslmode=strict", /sslmode must be one of .*verify-full.* \(is "strict"\)/],
      ["sslmode=verify-ca", /needs sslrootcert/],
    ] as const) {
      const opening = createDatabase({ url: url(parameters) });
      await expect(opening, parameters).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      await expect(opening).rejects.toThrow(words);
    }
  });

  test("a server without TLS is an error that names the setting", async () => {
    await expect(createDatabase({ url: `${urlOf("postgres")}?sslmode=require` })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/does not support SSL.*Enable ssl/),
    });
  });
});

describe("a server that is starting", () => {
  test("is waited for, and the wait is logged", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.destroy());
    await createDatabase({ url: server.url("late") }).then((database) => database.close());
    await server.stop();
    const { logger, lines } = collectingLogger();
    const waiting = Promise.withResolvers<void>();
    const opening = createDatabase({
      url: server.url("late"),
      logger: {
        ...logger,
        warn: (text) => {
          logger.warn(text);
          waiting.resolve();
        },
      },
    });
    await waiting.promise;
    await server.start();
    await (await opening).close();
    expect(lines.map(({ text }) => text).join("\n")).toMatch(
      /A database operation failed \(.*ECONNREFUSED.*\); retrying in 100 ms/,
    );
  });

  test("is waited for until waitForServerMs or an abort", async () => {
    const nowhere = { url: "postgres://postgres@127.0.0.1:1/nowhere" };
    await expect(createDatabase({ ...nowhere, waitForServerMs: 0 })).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
    const stop = new AbortController();
    const { logger } = collectingLogger();
    const opening = createDatabase({
      ...nowhere,
      signal: stop.signal,
      logger: { ...logger, warn: () => stop.abort(new Error("enough")) },
    });
    await expect(opening).rejects.toThrow("enough");
  });

  test("or refuses connections to the database counts as temporarily unavailable", async () => {
    const name = await emptyDatabase();
    const database = await open({ url: urlOf(name), poolSize: 3 });
    await onServer(`alter database ${name} allow_connections false`);
    await onServer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    const error = await database.query("select 1").then(
      () => undefined,
      () => database.query("select 1").catch((second: unknown) => second),
    );
    expect(error).toMatchObject({ code: "55000" });
    expect(isTransient(error)).toBe(true);
    await onServer(`alter database ${name} allow_connections true`);
    expect((await database.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  });

  test("is not waited for when the credentials are wrong", async () => {
    const { logger, lines } = collectingLogger();
    await expect(
      createDatabase({ url: urlOf("x"), user: "nobody_of_that_name", logger }),
    ).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
      message: expect.stringContaining("DB_USER"),
    });
    expect(lines).toEqual([]);
  });
});
