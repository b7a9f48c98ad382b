/** Access tokens of the public API: creation, verification, storage. */

export { storageProblems } from "./storage-state.ts";
export { createTokens } from "./tokens.ts";
export type {
  CreatedToken,
  ListedToken,
  NewTokens,
  Scope,
  TokenInfo,
  TokenStorage,
  TokenStorageState,
  Tokens,
  TokensOptions,
} from "./types.ts";
export { DEFAULT_SCOPES, SCOPES } from "./types.ts";
