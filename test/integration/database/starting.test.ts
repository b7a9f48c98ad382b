import { describe, expect, onTestFinished, test } from "vitest";
import { createDatabase, isTransient } from "../../../src/database/index.ts";
import { startPostgres } from "../../../tools/postgres.ts";
import { onServer } from "../../support/database/databases.ts";
import { emptyDatabase, open, urlOf } from "../../support/database/opening.ts";
import { collectingLogger } from "../../support/logs/logger.ts";

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
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining("DB_USER"),
    });
    expect(lines).toEqual([]);
  });
});
