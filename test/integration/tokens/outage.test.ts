import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { databaseBehindProxy } from "../../support/proxy/database.ts";
import { clock, recorder, secretOf, WRONG } from "../../support/tokens/tokens.ts";

test("a wrong token costs no statement", async () => {
  const { database, proxy } = await databaseBehindProxy();
  const time = clock();
  const tokens = createTokens({ database, now: time.now });
  const [valid] = await tokens.create();
  await tokens.load();
  // A statement would fail now.
  proxy.shut();
  for (let guess = 0; guess < 100; guess += 1) {
    expect(await tokens.verify(String(guess).padStart(16, "g"))).toBeNull();
  }
  expect(await tokens.verify(secretOf(valid))).toMatchObject({ id: valid?.id });
});

test("a token revoked while every connection of the pool is busy is rejected after three seconds", async () => {
  const server = await freshServerDatabase();
  onTestFinished(() => server.drop());
  const [busy, other] = await Promise.all([
    createDatabase({ url: server.url, poolSize: 3 }),
    createDatabase({ url: server.url }),
  ]);
  const time = clock();
  const serving = createTokens({ database: busy, now: time.now });
  const [one] = await serving.create();
  expect(await serving.verify(secretOf(one))).toMatchObject({ id: one?.id });
  await serving.close();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const holding = await new Promise<Promise<void>[]>((allStarted) => {
    let started = 0;
    const holders: Promise<void>[] = Array.from({ length: 3 }, () =>
      busy.transaction(async (tx) => {
        await tx.query("select 1");
        started += 1;
        if (started === 3) {
          allStarted(holders);
        }
        await released;
      }),
    );
  });
  await createTokens({ database: other }).revoke(secretOf(one));
  time.pass(3_000);
  expect(await serving.verify(secretOf(one))).toBeNull();
  release();
  await Promise.all(holding);
  await Promise.all([busy.close(), other.close()]);
});

test("while the database is unavailable, known tokens stay valid for a limited time, and no others", async () => {
  const { database, proxy } = await databaseBehindProxy();
  const time = clock();
  const { lines, logger } = recorder();
  const tokens = createTokens({ database, now: time.now, graceMs: 600_000, logger });
  const strict = createTokens({ database, now: time.now, graceMs: 0 });
  const [known, revoked] = await tokens.create({ count: 2 });
  const [soon] = await tokens.create({ expiresAt: new Date(time.now().getTime() + 300_000) });
  const verify = (of: typeof tokens, token?: { token: string }) => of.verify(secretOf(token));
  for (const token of [known, revoked, soon]) {
    expect(await verify(tokens, token)).toMatchObject({ id: token?.id });
  }
  expect(await verify(strict, known)).toMatchObject({ id: known?.id });
  await strict.revoke(secretOf(revoked));
  time.pass(10_000);
  expect(await verify(tokens, revoked)).toBeNull();
  await tokens.close();

  proxy.shut();
  time.pass(10_000);
  expect(await verify(tokens, known)).toMatchObject({ id: known?.id });
  for (const token of [revoked, { token: WRONG }]) {
    await expect(verify(tokens, token)).rejects.toThrow();
  }
  await expect(verify(strict, known)).rejects.toThrow();
  expect(lines.filter((line) => line.startsWith("Access tokens cannot be read"))).toHaveLength(1);
  time.pass(290_000);
  expect(await verify(tokens, soon)).toBeNull();
  time.pass(300_000);
  await expect(verify(tokens, known)).rejects.toThrow();

  proxy.open();
  await expect.poll(() => verify(tokens, known).catch(() => null)).toMatchObject({ id: known?.id });
  await tokens.close();
  await strict.close();
});
