import { LRUCache } from "lru-cache";
import { createCircuitBreaker, type Database, isTransient, type Queryable } from "../database/index.ts";
import { Che168Error, ConfigError } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { equalTexts, fingerprint, generateToken, hashToken, isTokenShaped } from "./secret.ts";

/** What the tokens are kept in, and how. */
export interface TokensOptions {
  readonly database: Database;
  /** Whether the table holds the tokens themselves or their keyed hashes. @default "plain" */
  readonly storage?: "plain" | "hashed" | undefined;
  /** Key of the hashes; needed by "hashed" only. */
  readonly secretKey?: string | undefined;
  /**
   * How long a token that this process has seen to be right is let in while the database cannot be asked, in milliseconds: reads
   * from standbys go on while the primary is away. It cannot be revoked meanwhile; 0 lets nobody in. @default 3600000
   */
  readonly graceMs?: number | undefined;
  readonly logger?: Logger | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** A token without itself. */
export interface TokenInfo {
  readonly id: number;
  /** ISO 8601, UTC, as all times here. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly description: string | null;
}

/** A token that was just made. With hashed storage this is the only time that it can be read. */
export interface CreatedToken extends TokenInfo {
  readonly token: string;
}

/** A token of the list. */
export interface ListedToken extends TokenInfo {
  /** Null with hashed storage. */
  readonly token: string | null;
  readonly lastUsedAt: string | null;
  readonly expired: boolean;
}

/** Which tokens are made. */
export interface NewTokens {
  /** @default 1 */
  readonly count?: number | undefined;
  readonly description?: string | undefined;
  readonly expiresAt?: Date | undefined;
}

/** Access tokens of the public API. */
export interface Tokens {
  /** Makes tokens, all or none. @throws Che168Error `USAGE` when `count` is not from 1 to 1000 */
  create(options?: NewTokens): Promise<CreatedToken[]>;
  /** The same, when the table is empty; otherwise makes none. Two processes at once make them once. */
  createIfNone(options?: NewTokens): Promise<CreatedToken[]>;
  /** Oldest first. */
  list(): Promise<ListedToken[]>;
  /** Takes a token away, by itself or by its id; false when there is none. Other processes notice within seconds. */
  revoke(tokenOrId: string): Promise<boolean>;
  /**
   * Who comes with this token; null for a wrong, expired or revoked one. Remembered for some seconds; `last_used_at` is
   * written in the background.
   */
  verify(token: string): Promise<TokenInfo | null>;
  /** Waits for what is still being written in the background. */
  close(): Promise<void>;
}

/** How long a revoked token may still be let in by a process that has just seen it. */
const REMEMBER_MS = 3_000;
const REMEMBERED_TOKENS = 10_000;
/** Longest wait for a database that may be away, before a known token is let in without it. */
const PATIENCE = { timeoutMs: 1_000, cooldownMs: 1_000 };
const USE_NOTED_EVERY_MS = 60_000;
const MAX_COUNT = 1_000;

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const INFO = `id, ${iso("created_at")} as "createdAt", ${iso("expires_at")} as "expiresAt", description`;

const INSERT = `
  insert into api_tokens (token, description, expires_at)
  select token, $2, $3::timestamptz from unnest($1::text[]) as token
  returning ${INFO}, token as stored`;

/** Access tokens of the public API. */
export function createTokens(options: TokensOptions): Tokens {
  const { database, secretKey } = options;
  const storage = options.storage ?? "plain";
  const logger = options.logger ?? silentLogger;
  const now = options.now ?? (() => new Date());
  if (storage === "hashed" && secretKey === undefined) {
    throw new ConfigError([{ key: "SECRET_KEY", message: 'is missing; tokens.storage "hashed" needs it' }]);
  }
  const storedForm = (token: string) =>
    storage === "hashed" && secretKey !== undefined ? hashToken(token, secretKey) : token;
  const perf = { now: () => now().getTime() };

  const remembered = new LRUCache<string, TokenInfo, string>({
    max: REMEMBERED_TOKENS,
    ttl: REMEMBER_MS,
    ttlResolution: 0,
    perf,
    // Whoever asked before a token was forgotten still gets the answer.
    ignoreFetchAbort: true,
    // A guess that was wrong is not remembered: guesses would push the good ones out.
    fetchMethod: (_key, _stale, { context: token }) => lookUp(token),
  });
  /** Tokens that were right when the database was last asked. */
  const graceMs = options.graceMs ?? 3_600_000;
  const proven = new LRUCache<string, TokenInfo>({
    max: REMEMBERED_TOKENS,
    ttl: Math.max(1, graceMs),
    ttlResolution: 0,
    perf,
  });
  const patient = createCircuitBreaker(PATIENCE);
  const noted = new LRUCache<number, true>({
    max: REMEMBERED_TOKENS,
    ttl: USE_NOTED_EVERY_MS,
    ttlResolution: 0,
    perf,
  });
  const writing = new Set<Promise<unknown>>();

  async function lookUp(token: string): Promise<TokenInfo | undefined> {
    const stored = storedForm(token);
    const { rows } = await database.query<TokenInfo & { stored: string }>(
      `select ${INFO}, token as stored from api_tokens where token = $1`,
      [stored],
      { name: "che168_token" },
    );
    const [row] = rows;
    const key = fingerprint(token);
    if (row === undefined || !equalTexts(row.stored, stored)) {
      proven.delete(key);
      return undefined;
    }
    const { stored: _, ...info } = row;
    if (graceMs > 0) {
      proven.set(key, info);
    }
    return info;
  }

  function infoOf(token: string): TokenInfo | Promise<TokenInfo | undefined> {
    const key = fingerprint(token);
    const fresh = remembered.get(key);
    if (fresh !== undefined) {
      return fresh;
    }
    const ask = () => remembered.fetch(key, { context: token });
    const known = proven.get(key);
    return known === undefined
      ? ask()
      : patient(ask).catch((error: unknown) => (isTransient(error) ? known : Promise.reject(error)));
  }

  function noteUse(id: number): void {
    if (noted.has(id)) {
      return;
    }
    noted.set(id, true);
    const write = database
      .query("update api_tokens set last_used_at = $2::timestamptz where id = $1", [id, now().toISOString()])
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn(`The last use of token ${id} could not be noted: ${reason}`);
      })
      .finally(() => writing.delete(write));
    writing.add(write);
  }

  async function insert(
    db: Queryable,
    { count = 1, description, expiresAt }: NewTokens,
  ): Promise<CreatedToken[]> {
    const made = new Map(
      Array.from({ length: count }, () => generateToken()).map((token) => [storedForm(token), token]),
    );
    const { rows } = await db.query<TokenInfo & { stored: string }>(INSERT, [
      [...made.keys()],
      description ?? null,
      expiresAt?.toISOString() ?? null,
    ]);
    return rows.map(({ stored, ...info }) => ({ ...info, token: made.get(stored) ?? stored }));
  }

  const checked = (wanted: NewTokens): NewTokens => {
    const { count = 1 } = wanted;
    if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
      throw new Che168Error("USAGE", `The number of tokens must be from 1 to ${MAX_COUNT}, not ${count}`);
    }
    return wanted;
  };

  return {
    create: async (wanted = {}) => insert(database, checked(wanted)),

    createIfNone: async (wanted = {}) => {
      checked(wanted);
      return database.transaction(async (tx) => {
        // Two `init` at once: the second waits here, then sees the tokens of the first.
        await tx.query("lock table api_tokens in share row exclusive mode");
        const { rows } = await tx.query("select 1 from api_tokens limit 1");
        return rows.length === 0 ? insert(tx, wanted) : [];
      });
    },

    list: async () => {
      const { rows } = await database.query<Omit<ListedToken, "token"> & { stored: string }>(
        `select ${INFO}, token as stored, ${iso("last_used_at")} as "lastUsedAt",
                coalesce(expires_at <= $1::timestamptz, false) as expired
           from api_tokens order by id`,
        [now().toISOString()],
      );
      return rows.map(({ stored, ...row }) => ({ ...row, token: storage === "plain" ? stored : null }));
    },

    revoke: async (tokenOrId) => {
      // An id has at most ten digits, a token sixteen characters.
      const byId = /^\d{1,9}$/.test(tokenOrId);
      const { rowCount } = byId
        ? await database.query("delete from api_tokens where id = $1", [Number(tokenOrId)])
        : await database.query("delete from api_tokens where token = $1", [storedForm(tokenOrId)]);
      // By its id we cannot tell which one it is; the others are looked up again.
      if (byId) {
        remembered.clear();
        proven.clear();
      } else {
        remembered.delete(fingerprint(tokenOrId));
        proven.delete(fingerprint(tokenOrId));
      }
      return rowCount > 0;
    },

    verify: async (token) => {
      if (!isTokenShaped(token)) {
        return null;
      }
      const found = infoOf(token);
      const info = found instanceof Promise ? await found : found;
      if (info === undefined || (info.expiresAt !== null && Date.parse(info.expiresAt) <= now().getTime())) {
        return null;
      }
      noteUse(info.id);
      return info;
    },

    close: async () => {
      await Promise.allSettled(writing);
    },
  };
}
