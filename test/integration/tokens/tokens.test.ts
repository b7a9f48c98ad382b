import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens, type TokensOptions } from "../../../src/tokens/index.ts";
import { freshServerDatabase, onEachDatabase } from "../../support/database/databases.ts";
import { startProxy } from "../../support/proxy/proxy.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const WRONG = "0000000000000000";

/** A clock that the test advances. */
function clock(start = "2026-11-24T12:00:00Z") {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/** A logger that keeps its lines. */
function recorder() {
  const lines: string[] = [];
  const record = (text: string) => void lines.push(text);
  return { lines, logger: { debug() {}, info: record, warn: record, error: record } };
}

const secretOf = (created: { token: string } | undefined) => created?.token ?? "";

onEachDatabase("access tokens", ({ database, engine, options }) => {
  const tokensOf = (given: Partial<TokensOptions> = {}) => createTokens({ database: database(), ...given });

  test("are created, verified, listed and revoked", async () => {
    const tokens = tokensOf();
    const [first, second] = await tokens.create({ count: 2, description: "for the site" });
    expect(first?.token).toMatch(/^[a-zA-Z0-9]{16}$/);
    expect(await tokens.verify(secretOf(first))).toMatchObject({
      id: first?.id,
      description: "for the site",
      scopes: ["read", "ops"],
    });
    await tokens.close();
    expect(await tokens.list()).toEqual([
      { ...first, expired: false, lastUsedAt: expect.stringMatching(/Z$/) },
      { ...second, expired: false, lastUsedAt: null },
    ]);
    expect(await tokens.revoke(secretOf(first))).toBe(true);
    expect(await tokens.verify(secretOf(first))).toBeNull();
    expect(await tokens.revoke(secretOf(first))).toBe(false);
    expect(await tokens.revoke(String(second?.id))).toBe(true);
    expect(await tokens.verify(secretOf(second))).toBeNull();
    expect(await tokens.list()).toEqual([]);
  });

  test("have the scopes they were created with; unknown ones are a usage error", async () => {
    const tokens = tokensOf();
    const [mirror] = await tokens.create({ scopes: ["mirror", "read", "mirror"] });
    expect(mirror?.scopes).toEqual(["mirror", "read"]);
    expect(await tokens.verify(secretOf(mirror))).toMatchObject({ scopes: ["mirror", "read"] });
    for (const scopes of [[], ["admin"]] as never[]) {
      await expect(tokens.create({ scopes })).rejects.toMatchObject({ code: "USAGE" });
    }
  });

  test("that are wrong, malformed or hostile are rejected", async () => {
    const tokens = tokensOf();
    for (const text of [
      "",
      "' or 1=1 --",
      "a".repeat(1_000_000),
      "\0".repeat(16),
      "аaaaaaaaaaaaaaaa",
      WRONG,
    ]) {
      expect(await tokens.verify(text)).toBeNull();
    }
  });

  test("expire to the second, also in memory", async () => {
    const { now, pass } = clock();
    const tokens = tokensOf({ now });
    const [one] = await tokens.create({ expiresAt: new Date("2026-11-24T12:00:02Z") });
    expect(await tokens.verify(secretOf(one))).toMatchObject({ expiresAt: "2026-11-24T12:00:02Z" });
    pass(1_999);
    expect(await tokens.verify(secretOf(one))).not.toBeNull();
    pass(1);
    expect(await tokens.verify(secretOf(one))).toBeNull();
    expect(await tokens.list()).toMatchObject([{ expired: true }]);
    await tokens.close();
  });

  test("revoked by another process are rejected after three seconds, and created ones accepted", async () => {
    const { now, pass } = clock();
    const serving = tokensOf({ now });
    const [one] = await serving.create();
    expect(await serving.verify(secretOf(one))).not.toBeNull();
    await tokensOf().revoke(secretOf(one));
    const [other] = await tokensOf().create();
    pass(3_000);
    expect(await serving.verify(secretOf(one))).toBeNull();
    expect(await serving.verify(secretOf(other))).toMatchObject({ id: other?.id });
    await serving.close();
  });

  test("stay current when the clock is set back", async () => {
    const { now, pass } = clock();
    const serving = tokensOf({ now });
    const [one] = await serving.create();
    expect(await serving.verify(secretOf(one))).not.toBeNull();
    await tokensOf().revoke(secretOf(one));
    pass(-3_600_000);
    expect(await serving.verify(secretOf(one))).toBeNull();
    await serving.close();
  });

  test("have their last use recorded once a minute", async () => {
    const { now, pass } = clock();
    const tokens = tokensOf({ now });
    const [one] = await tokens.create();
    const lastUsed: (string | null | undefined)[] = [];
    for (let second = 0; second < 150; second += 10) {
      await tokens.verify(secretOf(one));
      await tokens.close();
      lastUsed.push((await tokens.list())[0]?.lastUsedAt);
      pass(10_000);
    }
    expect([...new Set(lastUsed)]).toEqual([
      "2026-11-24T12:00:00Z",
      "2026-11-24T12:01:00Z",
      "2026-11-24T12:02:00Z",
    ]);
  });

  test("are accepted even if their use cannot be recorded", async () => {
    const { lines, logger } = recorder();
    const tokens = tokensOf({ logger });
    const [one] = await tokens.create();
    await database().query("alter table api_tokens rename column last_used_at to hidden");
    onTestFinished(async () => {
      await database().query("alter table api_tokens rename column hidden to last_used_at");
    });
    expect(await tokens.verify(secretOf(one))).not.toBeNull();
    await tokens.close();
    expect(lines).toEqual([expect.stringMatching(/^The last use .* could not be recorded: .*last_used_at/)]);
    expect(lines.join()).not.toContain(one?.token);
  });

  test("stored as hashes are nowhere in the table, are shown once, and work", async () => {
    const tokens = tokensOf({ storage: "hashed", secretKey: SECRET });
    const [one] = await tokens.create();
    const { rows } = await database().query<{ token: string }>("select token from api_tokens");
    expect(rows[0]?.token).toMatch(/^[0-9a-f]{64}$/);
    expect(await tokens.list()).toMatchObject([{ token: null }]);
    expect(await tokens.verify(secretOf(one))).toMatchObject({ id: one?.id });
    expect(await tokens.verify(rows[0]?.token ?? "")).toBeNull();
    expect(await tokens.storageState()).toEqual({ plain: 0, hashed: 1, unusable: 0 });
    expect(await tokens.revoke(secretOf(one))).toBe(true);
    expect(await tokens.verify(secretOf(one))).toBeNull();
    await tokens.close();
  });

  test("cannot be hashed without a key", () => {
    expect(() => tokensOf({ storage: "hashed" })).toThrow(/SECRET_KEY/);
  });

  test("stored in plain are listed as such after the switch to hashes, then hashed, and stay valid", async () => {
    const [one, other] = await tokensOf().create({ count: 2 });
    const { lines, logger } = recorder();
    const tokens = tokensOf({ storage: "hashed", secretKey: SECRET, logger });
    expect(await tokens.list()).toMatchObject([{ token: one?.token }, { token: other?.token }]);
    expect(await tokens.storageState()).toEqual({ plain: 2, hashed: 0, unusable: 0 });
    await tokens.load();
    expect(await tokens.list()).toMatchObject([{ token: null }, { token: null }]);
    expect(lines).toEqual(["Hashed 2 access tokens that had been stored in plain"]);
    expect(await tokens.verify(secretOf(one))).toMatchObject({ id: one?.id });
    // Back to plain storage, with the key still known.
    const back = tokensOf({ storage: "plain", secretKey: SECRET });
    expect(await back.verify(secretOf(other))).toMatchObject({ id: other?.id });
    expect(await back.revoke(secretOf(other))).toBe(true);
    await Promise.all([tokens.close(), back.close()]);
  });

  test("hashed with another or a now missing SECRET_KEY are rejected and reported", async () => {
    const [one] = await tokensOf({ storage: "hashed", secretKey: SECRET }).create();
    for (const given of [{ storage: "hashed", secretKey: `${SECRET}!` }, { storage: "plain" }] as const) {
      const { lines, logger } = recorder();
      const tokens = tokensOf({ ...given, logger });
      expect(await tokens.verify(secretOf(one))).toBeNull();
      expect(await tokens.storageState()).toEqual({ plain: 0, hashed: 1, unusable: 1 });
      expect(lines).toEqual([expect.stringMatching(/^SECRET_KEY is .* that 1 access token was hashed with/)]);
    }
  });

  test("of init are created once: into an empty table, all or none, also by two concurrent calls", async () => {
    const tokens = tokensOf();
    const made = await Promise.all([tokens.createIfNone({ count: 20 }), tokens.createIfNone({ count: 20 })]);
    expect(made.map(({ length }) => length).sort()).toEqual([0, 20]);
    expect(await tokens.list()).toHaveLength(20);
    await tokens.revoke((await tokens.list())[0]?.token ?? "");
    expect(await tokens.createIfNone({ count: 20 })).toEqual([]);
  });

  test("are created 1 to 1000 at a time", async () => {
    for (const count of [0, -1, 1.5, 1001, Number.NaN]) {
      await expect(tokensOf().create({ count })).rejects.toMatchObject({ code: "USAGE" });
    }
    expect(await tokensOf().list()).toEqual([]);
  });

  // The embedded database admits one process.
  if (engine === "postgresql") {
    test("of init are created once by two processes as well", async () => {
      const other = await createDatabase(options());
      try {
        const made = await Promise.all(
          [tokensOf(), createTokens({ database: other })].map((one) => one.createIfNone({ count: 20 })),
        );
        expect(made.flat()).toHaveLength(20);
      } finally {
        await other.close();
      }
    });
  }
});

/** A database reached through a proxy that can cut its connections. */
async function behindProxy() {
  const server = await freshServerDatabase();
  onTestFinished(() => server.drop());
  const proxy = await startProxy(Number(new URL(server.url).port));
  onTestFinished(() => proxy.close());
  const database = await createDatabase({ url: proxy.url(new URL(server.url).pathname.slice(1)) });
  onTestFinished(() => database.close());
  return { database, proxy };
}

test("a wrong token costs no statement", async () => {
  const { database, proxy } = await behindProxy();
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
  const { database, proxy } = await behindProxy();
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
  await expect
    .poll(() => verify(tokens, known).catch(() => null), { timeout: 20_000 })
    .toMatchObject({ id: known?.id });
  await tokens.close();
  await strict.close();
});
