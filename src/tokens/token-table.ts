import { createCircuitBreaker, isoTime, type Queryable } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import { errorMessage } from "../util/error-message.ts";
import { fingerprint, hashToken, keyIdOf } from "./secret.ts";
import { countedTokens, unusableTokens } from "./storage-state.ts";
import type { TokenInfo, TokenStorage } from "./types.ts";

/** In-memory copy of all tokens: wrong tokens cost no statement, and cannot delay valid ones. */
export interface TokenTable {
  /**
   * The token's row, expired or not.
   * @throws the database's error when the rows are too old and this token is not among them
   */
  find(token: string): TokenInfo | undefined | Promise<TokenInfo | undefined>;
  /** Reads the table now. */
  load(): Promise<void>;
  /** Call after creating tokens: the next lookup reads the table again. */
  invalidate(): void;
  /** Call after deleting a token: takes effect before this returns. */
  remove(ids: readonly number[]): void;
}

/** Rows older than this are read again, in the background for tokens that they contain. */
const REFRESH_MS = 1_000;
/** Rows older than this are not used while the database responds: the limit on the life of a revoked token. */
const MAX_AGE_MS = 3_000;
/** A statement on the control connection does not queue; one that takes this long means an unavailable database. */
const BREAKER = { timeoutMs: 1_000, cooldownMs: 1_000 };
const WARN_EVERY_MS = 60_000;

/** Stored forms: 16 characters, or the 64 hexadecimal digits of a hash. */
export const IS_HASHED = "token ~ '^[0-9a-f]{64}$'";

export const INFO_COLUMNS = `id, ${isoTime("created_at")} as "createdAt", ${isoTime("expires_at")} as "expiresAt", description, to_jsonb(scopes) as scopes`;

const READ = `
  select ${INFO_COLUMNS}, key_id as "keyId", ${IS_HASHED} as "isHashed",
         encode(sha256(convert_to(token, 'UTF8')), 'hex') as fingerprint
    from api_tokens`;

const HASH = `
  update api_tokens as one set token = hashed.token, key_id = $4
    from unnest($1::int[], $2::text[], $3::text[]) as hashed (id, plain, token)
   where one.id = hashed.id and one.token = hashed.plain`;

interface TokenRow extends TokenInfo {
  readonly keyId: string | null;
  readonly isHashed: boolean;
  readonly fingerprint: string;
}

interface TokenSnapshot {
  readonly byFingerprint: Map<string, TokenInfo>;
  readonly hasHashed: boolean;
  /** When the statement was sent. */
  readonly readAt: number;
}

export function createTokenTable(options: {
  /** Its statements must bypass the queue of requests: `Database.control`. */
  readonly db: Queryable;
  readonly storage: TokenStorage;
  readonly secretKey: string | undefined;
  readonly graceMs: number;
  readonly logger: Logger;
  /** Milliseconds. */
  readonly now: () => number;
}): TokenTable {
  const { db, secretKey, graceMs, logger, now } = options;
  const keyId = secretKey === undefined ? undefined : keyIdOf(secretKey);
  const breaker = createCircuitBreaker(BREAKER);
  let snapshot: TokenSnapshot | undefined;
  let isValid = false;
  /** Counts changes made by this process, so that a read started before one does not count as current. */
  let changes = 0;
  let reading: Promise<void> | undefined;
  let isSwitching = options.storage === "hashed";
  let warnedUnusable = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  const readRows = async (): Promise<TokenRow[]> => (await db.query<TokenRow>(READ)).rows;

  /** Hashes tokens stored before `tokens.storage` became "hashed". */
  const hashPlain = async (key: string): Promise<void> => {
    try {
      const { rows } = await db.query<{ id: number; token: string }>(
        `select id, token from api_tokens where not ${IS_HASHED}`,
      );
      const hashes = rows.map(({ token }) => hashToken(token, key));
      await db.query(HASH, [rows.map(({ id }) => id), rows.map(({ token }) => token), hashes, keyIdOf(key)]);
      logger.info(`Hashed ${countedTokens(rows.length)} that had been stored in plain`);
    } catch (error) {
      logger.warn(`Access tokens stored in plain could not be hashed: ${errorMessage(error)}`);
    }
  };

  const warnOfUnusable = (rows: readonly TokenRow[]): void => {
    const count = rows.filter((row) => row.isHashed && row.keyId !== null && row.keyId !== keyId).length;
    if (count > 0 && count !== warnedUnusable) {
      logger.warn(unusableTokens(count, keyId !== undefined));
    }
    warnedUnusable = count;
  };

  const read = async (): Promise<void> => {
    let readAt: number;
    let started: number;
    let rows: TokenRow[];
    do {
      readAt = now();
      started = changes;
      rows = await readRows();
      if (isSwitching && secretKey !== undefined && rows.some(({ isHashed }) => !isHashed)) {
        // Once per process: a plain token stored later comes from a process with the other setting.
        isSwitching = false;
        await hashPlain(secretKey);
        rows = await readRows();
      }
    } while (started !== changes);
    warnOfUnusable(rows);
    const byFingerprint = new Map<string, TokenInfo>();
    for (const { keyId: _, isHashed: __, fingerprint: key, ...info } of rows) {
      byFingerprint.set(key, info);
    }
    snapshot = { byFingerprint, hasHashed: rows.some(({ isHashed }) => isHashed), readAt };
    isValid = true;
    isSwitching = false;
  };

  /** Times out for the caller only: the read continues, and its result is used when it succeeds. */
  const refresh = (): Promise<void> =>
    breaker(() => {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    });

  const known = (token: string): TokenInfo | undefined => {
    if (snapshot === undefined) {
      return undefined;
    }
    const { byFingerprint, hasHashed } = snapshot;
    const plain = byFingerprint.get(fingerprint(token));
    return plain === undefined && hasHashed && secretKey !== undefined
      ? byFingerprint.get(fingerprint(hashToken(token, secretKey)))
      : plain;
  };

  /** Age of the rows; infinite when they must be read again. A clock that was set back makes them old, not young. */
  const age = (): number => {
    const elapsed = snapshot === undefined || !isValid ? -1 : now() - snapshot.readAt;
    return elapsed < 0 ? Number.POSITIVE_INFINITY : elapsed;
  };

  const afterFailure = (token: string, error: unknown): TokenInfo => {
    const info = known(token);
    const elapsed = snapshot === undefined ? Number.POSITIVE_INFINITY : now() - snapshot.readAt;
    if (info === undefined || elapsed >= graceMs) {
      throw error;
    }
    if (now() - warnedAt >= WARN_EVERY_MS) {
      warnedAt = now();
      logger.warn(
        `Access tokens cannot be read (${errorMessage(error)}); those read before stay valid for now`,
      );
    }
    return info;
  };

  return {
    find: (token) => {
      const current = age();
      const info = known(token);
      if (current < REFRESH_MS) {
        return info;
      }
      const refreshed = refresh();
      if (info !== undefined && current < MAX_AGE_MS) {
        refreshed.catch(() => {});
        return info;
      }
      return refreshed.then(
        () => known(token),
        (error: unknown) => afterFailure(token, error),
      );
    },
    load: refresh,
    invalidate: () => {
      changes += 1;
      isValid = false;
    },
    remove: (ids) => {
      changes += 1;
      for (const [key, { id }] of snapshot?.byFingerprint ?? []) {
        if (ids.includes(id)) {
          snapshot?.byFingerprint.delete(key);
        }
      }
    },
  };
}
