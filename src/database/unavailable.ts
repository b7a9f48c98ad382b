import { errorCode, isTransient } from "./retry-transient.ts";

/** Codes of a session that cannot be opened, or that a connection pooler shares between clients. */
const NO_SESSION = new Set([
  "28000", // invalid authorization: pg_hba.conf, a role that may not log in
  "28P01", // invalid password
  "3D000", // the database does not exist
  "42P05", // another client of the pooler has prepared a statement of this name
  "26000", // the statement was prepared in another session
  "DATABASE_UNUSABLE", // the same two, explained
]);
/** Messages of further such failures, which have other codes or none. */
const TEXTS =
  /not currently accepting connections|permission denied for database|does not support SSL|SASL|after calling end on the pool/;
/** TLS failures by Node.js. */
const TLS = /^(?:ERR_(?:TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * True when no connection could be opened, a pooler shares sessions, or the failure is transient: the statement itself is
 * not the cause. The API responds 503.
 */
export function isUnavailable(error: unknown): boolean {
  if (isTransient(error)) {
    return true;
  }
  const code = errorCode(error) ?? "";
  for (let current = error; current instanceof Error; current = current.cause) {
    const { syscall } = current as { syscall?: unknown };
    if (syscall === "connect" || syscall === "getaddrinfo" || TEXTS.test(current.message)) {
      return true;
    }
  }
  return NO_SESSION.has(code) || TLS.test(code);
}
