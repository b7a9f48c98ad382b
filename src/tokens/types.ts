import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";

/**
 * What a token may request: `read` listings, facets and changes; `ops` `/stats`, `/metrics` and `/dashboard`; `mirror` the
 * copy in the upstream service's own dialect.
 */
export const SCOPES = ["read", "ops", "mirror"] as const;
/** What a token may be used for. */
export type Scope = (typeof SCOPES)[number];

/** Scopes of a token that was created without naming any. */
export const DEFAULT_SCOPES: readonly Scope[] = ["read", "ops"];

/** How the table holds tokens: as they are, or as keyed hashes. */
export type TokenStorage = "plain" | "hashed";

/** Options of `createTokens`. */
export interface TokensOptions {
  readonly database: Database;
  /** With `hashed`, plain tokens in the table are hashed when tokens are first verified. @default "plain" */
  readonly storage?: TokenStorage | undefined;
  /** Key of the hashes; required by `hashed`. With `plain` it keeps tokens valid that were hashed earlier. */
  readonly secretKey?: string | undefined;
  /**
   * How long tokens read last stay valid while the database is unavailable, in milliseconds, so that reads from standbys
   * continue while the primary is down. They cannot be revoked during that time; 0 turns this off. @default 3600000
   */
  readonly graceMs?: number | undefined;
  readonly logger?: Logger | undefined;
  /** The clock. @default the system's */
  readonly now?: (() => Date) | undefined;
}

/** A token without its secret. */
export interface TokenInfo {
  readonly id: number;
  /** ISO 8601 in UTC, like all times here. */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly description: string | null;
  readonly scopes: readonly Scope[];
}

/** A new token. With hashed storage it cannot be read again. */
export interface CreatedToken extends TokenInfo {
  readonly token: string;
}

export interface ListedToken extends TokenInfo {
  /** Null when the table holds its hash. */
  readonly token: string | null;
  readonly lastUsedAt: string | null;
  readonly expired: boolean;
}

/** Tokens to create. */
export interface NewTokens {
  /** @default 1 */
  readonly count?: number | undefined;
  readonly description?: string | undefined;
  readonly expiresAt?: Date | undefined;
  /** @default ["read", "ops"] */
  readonly scopes?: readonly Scope[] | undefined;
}

/** How many tokens are stored in which way. */
export interface TokenStorageState {
  readonly plain: number;
  readonly hashed: number;
  /** Hashed with another `SECRET_KEY` than the given one, or with any when none is given: these are refused. */
  readonly unusable: number;
}

/** Access tokens of the public API. */
export interface Tokens {
  /**
   * Creates tokens, all or none.
   * @throws Che168Error `USAGE` for a count outside of 1 to 1000 or an unknown scope
   */
  create(options?: NewTokens): Promise<CreatedToken[]>;
  /** Like {@link Tokens.create} when the table is empty; otherwise creates none. Atomic across processes. */
  createIfNone(options?: NewTokens): Promise<CreatedToken[]>;
  /** Oldest first. */
  list(): Promise<ListedToken[]>;
  /**
   * Deletes a token, given the token or its id; false for an unknown one. Other processes refuse it within three seconds.
   */
  revoke(tokenOrId: string): Promise<boolean>;
  /**
   * The token's description; null for a wrong, expired or revoked one. Served from memory, which is refreshed from the
   * database every second while in use. Updates `last_used_at` in the background.
   *
   * @throws the database's error when tokens cannot be read and this one is not known
   */
  verify(token: string): Promise<TokenInfo | null>;
  /** Reads the tokens, and hashes plain ones when storage is `hashed`. Optional: the first `verify` does the same. */
  load(): Promise<void>;
  /** How the stored tokens are kept, and whether the key still fits. */
  storageState(): Promise<TokenStorageState>;
  /** Waits a moment for background writes. */
  close(): Promise<void>;
}
