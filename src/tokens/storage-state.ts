import type { TokenStorage, TokenStorageState } from "./types.ts";

export const countedTokens = (count: number): string =>
  count === 1 ? "1 access token" : `${count} access tokens`;

/** @param hasKey whether any `SECRET_KEY` is set */
export const unusableTokens = (count: number, hasKey: boolean): string =>
  `SECRET_KEY ${hasKey ? "is not the one" : "is missing"} that ${countedTokens(count)} ${count === 1 ? "was" : "were"} hashed with, so they are refused. Set that key again, or revoke them and create others.`;

/** Problems of token storage, one sentence each, for `status`. */
export function storageProblems(
  { plain, unusable }: TokenStorageState,
  { storage, secretKey }: { readonly storage: TokenStorage; readonly secretKey?: string | undefined },
): string[] {
  const problems = unusable > 0 ? [unusableTokens(unusable, secretKey !== undefined)] : [];
  if (storage === "hashed" && plain > 0) {
    problems.push(
      `${countedTokens(plain)} still stored in plain although tokens.storage is "hashed"; serve hashes them when it starts.`,
    );
  }
  return problems;
}
