import { expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens, type TokensOptions } from "../../../src/tokens/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { clock, recorder, secretOf, WRONG } from "../../support/tokens/tokens.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

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

  test("stored in plain text are listed as plain after the switch to hashes, then hashed, and stay valid", async () => {
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
