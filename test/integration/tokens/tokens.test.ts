import { expect, onTestFinished, test } from "vitest";
import { createDatabase, type Database } from "../../../src/database/index.ts";
import { createTokens, type TokensOptions } from "../../../src/tokens/tokens.ts";
import { freshServerDatabase, onEachDatabase } from "../../support/database/databases.ts";
import { startProxy } from "../../support/proxy/proxy.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

/** A clock that is moved by hand. */
function clock(start = "2026-11-24T12:00:00Z") {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/** The same database, counting what is asked of it. */
function counting(database: Database): { database: Database; asked: () => readonly string[] } {
  const texts: string[] = [];
  const query: Database["query"] = (text, values, options) => {
    texts.push(text);
    return database.query(text, values, options);
  };
  return { database: { ...database, query }, asked: () => texts };
}

onEachDatabase("access tokens", ({ database, engine, options }) => {
  const tokensOf = (given: Partial<TokensOptions> = {}) => createTokens({ database: database(), ...given });

  test("are created, verified, listed and revoked", async () => {
    const tokens = tokensOf();
    const [first, second] = await tokens.create({ count: 2, description: "for the site" });
    expect(first?.token).toMatch(/^[a-zA-Z0-9]{16}$/);
    expect(await tokens.verify(first?.token ?? "")).toMatchObject({
      id: first?.id,
      description: "for the site",
    });
    await tokens.close();
    expect(await tokens.list()).toEqual([
      { ...first, expired: false, lastUsedAt: expect.stringMatching(/Z$/) },
      { ...second, expired: false, lastUsedAt: null },
    ]);
    expect(await tokens.revoke(first?.token ?? "")).toBe(true);
    expect(await tokens.verify(first?.token ?? "")).toBeNull();
    expect(await tokens.revoke(first?.token ?? "")).toBe(false);
    expect(await tokens.revoke(String(second?.id))).toBe(true);
    expect(await tokens.list()).toEqual([]);
  });

  test("that are wrong, malformed or hostile are refused, and malformed ones without asking the database", async () => {
    const counted = counting(database());
    const tokens = tokensOf({ database: counted.database });
    for (const text of ["", "' or 1=1 --", "a".repeat(1_000_000), "\0".repeat(16), "аaaaaaaaaaaaaaaa"]) {
      expect(await tokens.verify(text)).toBeNull();
    }
    expect(counted.asked()).toEqual([]);
    expect(await tokens.verify("0000000000000000")).toBeNull();
  });

  test("end at their time, to the second, also while they are remembered", async () => {
    const { now, pass } = clock();
    const tokens = tokensOf({ now });
    const [one] = await tokens.create({ expiresAt: new Date("2026-11-24T12:00:02Z") });
    expect(await tokens.verify(one?.token ?? "")).toMatchObject({ expiresAt: "2026-11-24T12:00:02Z" });
    pass(1_999);
    expect(await tokens.verify(one?.token ?? "")).not.toBeNull();
    pass(1);
    expect(await tokens.verify(one?.token ?? "")).toBeNull();
    expect(await tokens.list()).toMatchObject([{ expired: true }]);
    await tokens.close();
  });

  test("that another process revoked are refused within five seconds", async () => {
    const { now, pass } = clock();
    const serving = tokensOf({ now });
    const [one] = await serving.create();
    expect(await serving.verify(one?.token ?? "")).not.toBeNull();
    await tokensOf().revoke(one?.token ?? "");
    pass(5_000);
    expect(await serving.verify(one?.token ?? "")).toBeNull();
    await serving.close();
  });

  test("that are in use cost the database a question every few seconds, however many ask", async () => {
    const { now, pass } = clock();
    const counted = counting(database());
    const tokens = tokensOf({ database: counted.database, now });
    const [one] = await tokens.create();
    const lookups = () => counted.asked().filter((text) => text.startsWith("select")).length;
    await Promise.all(Array.from({ length: 100 }, () => tokens.verify(one?.token ?? "")));
    expect(lookups()).toBe(1);
    for (let second = 0; second < 10; second += 1) {
      pass(1_000);
      await tokens.verify(one?.token ?? "");
    }
    expect(lookups()).toBeLessThanOrEqual(5);
    await tokens.close();
  });

  test("have their last use noted once a minute", async () => {
    const { now, pass } = clock();
    const counted = counting(database());
    const tokens = tokensOf({ database: counted.database, now });
    const [one] = await tokens.create();
    for (let second = 0; second < 150; second += 1) {
      await tokens.verify(one?.token ?? "");
      pass(1_000);
    }
    await tokens.close();
    expect(counted.asked().filter((text) => text.startsWith("update"))).toHaveLength(3);
    expect(await tokens.list()).toMatchObject([{ lastUsedAt: expect.stringContaining("T12:02:0") }]);
  });

  test("let people in although their use cannot be noted", async () => {
    const warnings: string[] = [];
    const broken: Database = {
      ...database(),
      query: (text, values, given) =>
        text.startsWith("update")
          ? Promise.reject(new Error("read-only"))
          : database().query(text, values, given),
    };
    const logger = { debug() {}, info() {}, error() {}, warn: (text: string) => warnings.push(text) };
    const tokens = tokensOf({ database: broken, logger });
    const [one] = await tokens.create();
    expect(await tokens.verify(one?.token ?? "")).not.toBeNull();
    await tokens.close();
    expect(warnings).toEqual([expect.stringContaining("read-only")]);
    expect(warnings.join()).not.toContain(one?.token);
  });

  test("that are hashed are nowhere in the table, are shown once, and work", async () => {
    const tokens = tokensOf({ storage: "hashed", secretKey: SECRET });
    const [one] = await tokens.create();
    const { rows } = await database().query<{ token: string }>("select token from api_tokens");
    expect(rows[0]?.token).toMatch(/^[0-9a-f]{64}$/);
    expect(await tokens.list()).toMatchObject([{ token: null }]);
    expect(await tokens.verify(one?.token ?? "")).toMatchObject({ id: one?.id });
    expect(await tokens.verify(rows[0]?.token ?? "")).toBeNull();
    expect(
      await tokensOf({ storage: "hashed", secretKey: `${SECRET}!` }).verify(one?.token ?? ""),
    ).toBeNull();
    expect(await tokens.revoke(one?.token ?? "")).toBe(true);
    expect(await tokens.verify(one?.token ?? "")).toBeNull();
    await tokens.close();
  });

  test("cannot be hashed without a key", () => {
    expect(() => tokensOf({ storage: "hashed" })).toThrow(/SECRET_KEY/);
  });

  test("of init are made once: into an empty table, all or none, also when two do it at once", async () => {
    const tokens = tokensOf();
    const made = await Promise.all([tokens.createIfNone({ count: 20 }), tokens.createIfNone({ count: 20 })]);
    expect(made.map(({ length }) => length).sort()).toEqual([0, 20]);
    expect(await tokens.list()).toHaveLength(20);
    await tokens.revoke((await tokens.list())[0]?.token ?? "");
    expect(await tokens.createIfNone({ count: 20 })).toEqual([]);
  });

  test("are made in a number that makes sense", async () => {
    for (const count of [0, -1, 1.5, 1001, Number.NaN]) {
      await expect(tokensOf().create({ count })).rejects.toMatchObject({ code: "USAGE" });
    }
    expect(await tokensOf().list()).toEqual([]);
  });

  // The embedded database lets no second process in.
  if (engine === "postgresql") {
    test("of init are made once by two processes, too", async () => {
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

test("while the database is away, a token that was right is let in for a bounded time, and no other", async () => {
  const server = await freshServerDatabase();
  onTestFinished(() => server.drop());
  const proxy = await startProxy(Number(new URL(server.url).port));
  onTestFinished(() => proxy.close());
  const database = await createDatabase({ url: proxy.url(new URL(server.url).pathname.slice(1)) });
  onTestFinished(() => database.close());
  const time = clock();
  const tokens = createTokens({ database, now: time.now, graceMs: 600_000 });
  const strict = createTokens({ database, now: time.now, graceMs: 0 });
  const [known, revoked, unseen] = await tokens.create({ count: 3 });
  const [soon] = await tokens.create({ expiresAt: new Date(time.now().getTime() + 300_000) });
  const verify = (of: typeof tokens, token?: { token: string }) => of.verify(token?.token ?? "");
  for (const token of [known, revoked, soon]) {
    expect(await verify(tokens, token)).toMatchObject({ id: token?.id });
  }
  expect(await verify(strict, known)).toMatchObject({ id: known?.id });
  // Revoked elsewhere, and found to be so before the database went.
  await strict.revoke(revoked?.token ?? "");
  time.pass(10_000);
  expect(await verify(tokens, revoked)).toBeNull();
  await tokens.close();

  proxy.shut();
  time.pass(10_000);
  expect(await verify(tokens, known)).toMatchObject({ id: known?.id });
  for (const token of [revoked, unseen]) {
    await expect(verify(tokens, token)).rejects.toThrow();
  }
  await expect(verify(strict, known)).rejects.toThrow();
  time.pass(290_000);
  expect(await verify(tokens, soon)).toBeNull();
  time.pass(300_000);
  await expect(verify(tokens, known)).rejects.toThrow();

  proxy.open();
  await expect.poll(() => verify(tokens, unseen)).toMatchObject({ id: unseen?.id });
  expect(await verify(tokens, known)).toMatchObject({ id: known?.id });
  await tokens.close();
  await strict.close();
});
