import { setTimeout as delay } from "node:timers/promises";
import { isoTime, type Queryable } from "../database/index.ts";
import { Che168Error, ConfigError } from "../errors.ts";
import { silentLogger } from "../logging/types.ts";
import { requireDependencies } from "../util/dependencies.ts";
import { createLastUsed } from "./last-used.ts";
import { generateToken, hashToken, isTokenShaped, keyIdOf } from "./secret.ts";
import { createTokenTable, INFO_COLUMNS, IS_HASHED } from "./token-table.ts";
import {
  type CreatedToken,
  DEFAULT_SCOPES,
  type ListedToken,
  type NewTokens,
  SCOPES,
  type TokenInfo,
  type TokenStorageState,
  type Tokens,
  type TokensOptions,
} from "./types.ts";

const MAX_COUNT = 1_000;
/** Limit on waiting for background writes on close. */
const MAX_CLOSE_MS = 250;

const INSERT = `
  insert into api_tokens (token, description, expires_at, scopes, key_id)
  select token, $2, $3::timestamptz, $4::text[], $5 from unnest($1::text[]) as token
  returning ${INFO_COLUMNS}, token as stored`;

const STORAGE_STATE = `
  select count(*) filter (where not ${IS_HASHED})::int as plain,
         count(*) filter (where ${IS_HASHED})::int as hashed,
         count(*) filter (where ${IS_HASHED} and key_id <> $1)::int as unusable
    from api_tokens`;

/** @throws Che168Error `USAGE` */
function check({ count = 1, scopes = DEFAULT_SCOPES }: NewTokens): void {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new Che168Error("USAGE", `The number of tokens must be from 1 to ${MAX_COUNT}, not ${count}`);
  }
  const unknown = scopes.filter((scope) => !SCOPES.includes(scope));
  if (scopes.length === 0 || unknown.length > 0) {
    const given = scopes.length === 0 ? "none" : unknown.join(", ");
    throw new Che168Error("USAGE", `The scopes of a token must be of ${SCOPES.join(", ")}, not ${given}`);
  }
}

/**
 * Access tokens of the public API.
 *
 * @throws ConfigError when `storage` is `hashed` and `secretKey` is missing
 */
export function createTokens(options: TokensOptions): Tokens {
  requireDependencies("createTokens", options, ["database"]);
  const { database, storage = "plain", secretKey, graceMs = 3_600_000, logger = silentLogger } = options;
  const now = options.now ?? (() => new Date());
  if (storage === "hashed" && secretKey === undefined) {
    throw new ConfigError([{ key: "SECRET_KEY", message: 'is missing; tokens.storage "hashed" needs it' }]);
  }
  const hashKey = storage === "hashed" ? secretKey : undefined;
  const table = createTokenTable({
    db: database.control,
    storage,
    secretKey,
    graceMs,
    logger,
    now: () => now().getTime(),
  });
  const lastUsed = createLastUsed({ db: database, logger, now });

  const insert = async (db: Queryable, given: NewTokens): Promise<CreatedToken[]> => {
    const { count = 1, description, expiresAt, scopes = DEFAULT_SCOPES } = given;
    const tokens = new Map(
      Array.from({ length: count }, () => generateToken()).map((token) => [
        hashKey === undefined ? token : hashToken(token, hashKey),
        token,
      ]),
    );
    const { rows } = await db.query<TokenInfo & { stored: string }>(INSERT, [
      [...tokens.keys()],
      description ?? null,
      expiresAt?.toISOString() ?? null,
      [...new Set(scopes)],
      hashKey === undefined ? null : keyIdOf(hashKey),
    ]);
    return rows.map(({ stored, ...info }) => ({ ...info, token: tokens.get(stored) ?? stored }));
  };

  return {
    create: async (given = {}) => {
      check(given);
      const created = await insert(database, given);
      table.invalidate();
      return created;
    },

    createIfNone: async (given = {}) => {
      check(given);
      const created = await database.transaction(async (tx) => {
        // Of two concurrent `init`, the second waits here and then finds the tokens of the first.
        await tx.query("lock table api_tokens in share row exclusive mode");
        const { rows } = await tx.query("select 1 from api_tokens limit 1");
        return rows.length === 0 ? insert(tx, given) : [];
      });
      table.invalidate();
      return created;
    },

    list: async () => {
      const { rows } = await database.query<ListedToken>(
        `select ${INFO_COLUMNS}, case when not ${IS_HASHED} then token end as token,
                ${isoTime("last_used_at")} as "lastUsedAt", coalesce(expires_at <= $1::timestamptz, false) as expired
           from api_tokens order by id`,
        [now().toISOString()],
      );
      return rows;
    },

    revoke: async (tokenOrId) => {
      // An id has at most ten digits, a token sixteen characters.
      const byId = /^\d{1,9}$/.test(tokenOrId);
      const forms = [tokenOrId, ...(secretKey === undefined ? [] : [hashToken(tokenOrId, secretKey)])];
      const { rows } = await database.query<{ id: number }>(
        byId
          ? "delete from api_tokens where id = $1::int returning id"
          : "delete from api_tokens where token = any($1::text[]) returning id",
        [byId ? Number(tokenOrId) : forms],
      );
      table.remove(rows.map(({ id }) => id));
      return rows.length > 0;
    },

    verify: async (token) => {
      if (!isTokenShaped(token)) {
        return null;
      }
      const found = table.find(token);
      const info = found instanceof Promise ? await found : found;
      if (info === undefined || (info.expiresAt !== null && Date.parse(info.expiresAt) <= now().getTime())) {
        return null;
      }
      lastUsed.note(info.id);
      return info;
    },

    load: () => table.load(),

    storageState: async () => {
      const keyId = secretKey === undefined ? "" : keyIdOf(secretKey);
      const { rows } = await database.query<TokenStorageState>(STORAGE_STATE, [keyId]);
      return rows[0] ?? { plain: 0, hashed: 0, unusable: 0 };
    },

    close: async () => {
      await Promise.race([lastUsed.flush(), delay(MAX_CLOSE_MS, undefined, { ref: false })]);
    },
  };
}
