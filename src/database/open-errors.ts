import { Che168Error, isChe168Error } from "../errors.ts";
import { errorCode } from "./retry-transient.ts";
import type { MigrationsStatus } from "./types.ts";

/** @throws Che168Error `SCHEMA_NEWER` */
export function refuseNewer({ unknown }: Pick<MigrationsStatus, "unknown">, subject = "database"): void {
  if (unknown.length > 0) {
    throw new Che168Error(
      "SCHEMA_NEWER",
      `The ${subject}'s schema is newer than this version of che168-sync: it has ${unknown.join(", ")}. Install the version that made it, or a later one.`,
      { details: { unknown } },
    );
  }
}

/** A schema that lacks migrations, or every migration: a database without our tables. */
export function outdated({ executed, pending }: MigrationsStatus): Che168Error {
  const message =
    executed.length === 0
      ? "The database has no tables of che168-sync; `che168-sync init` creates them."
      : `The database's schema is older than this version of che168-sync needs: ${pending.join(", ")} is missing. Run \`che168-sync migrate\`, or set database.autoMigrate.`;
  return new Che168Error("SCHEMA_OUTDATED", message, { details: { pending } });
}

/** A database that responds but cannot be used. `problem` starts in lower case, has no full stop, and names the remedy. */
export const databaseUnusable = (description: string, problem: string, cause?: unknown): Che168Error =>
  new Che168Error("DATABASE_UNUSABLE", `The database ${description} cannot be used: ${problem}.`, { cause });

/** A database that does not exist and may not be created by this command. */
export const missingDatabase = (name: string, server: string, cause?: unknown): Che168Error =>
  new Che168Error(
    "DATABASE_UNUSABLE",
    `There is no database ${name}; \`che168-sync init\` creates it. The server is ${server}; DATABASE_URL or DB_HOST, DB_PORT and DB_NAME choose another.`,
    { cause },
  );

/** The same for the directory of an embedded database. */
export const missingDirectory = (directory: string): Che168Error =>
  new Che168Error(
    "DATABASE_UNUSABLE",
    `There is no embedded database in ${directory}; \`che168-sync init\` creates it. For a PostgreSQL server, set DATABASE_URL or DB_HOST.`,
  );

/** Any encoding but UTF8 rejects or corrupts Chinese text. */
export const unusableEncoding = (description: string, encoding: string): Che168Error =>
  databaseUnusable(
    description,
    `its encoding is ${encoding}, which cannot hold Chinese text. Use a database with encoding UTF8: create database che168 template template0 encoding 'UTF8' locale 'C'`,
  );

/** Remedy for a connection pooler that gives each transaction another session. */
export const TRANSACTION_POOLING =
  "a connection pooler shares sessions between clients (PgBouncer: pool_mode = transaction or statement), which breaks locks and prepared statements. Set pool_mode = session for this database, or connect to PostgreSQL directly";

/** The error of a prepared statement that another client has prepared (42P05) or not prepared (26000) in this session. */
export function explainStatementError(error: unknown): unknown {
  const code = errorCode(error);
  return code === "42P05" || code === "26000"
    ? new Che168Error("DATABASE_UNUSABLE", `The database cannot be used: ${TRANSACTION_POOLING}.`, {
        cause: error,
      })
    : error;
}

const CHECK_ADDRESS =
  "Check DATABASE_URL or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, and that the server runs";

/** Remedies of configurations that never work, by code or message. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?)$/,
    "No known authority signed the server's certificate. Add sslrootcert=FILE with the certificate of its authority to DATABASE_URL, or encrypt without verification: sslmode=no-verify",
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "Connect by a name in the certificate, or verify the authority only: sslmode=verify-ca with sslrootcert",
  ],
  [/^CERT_HAS_EXPIRED$/, "Renew the server's certificate"],
  [/does not support SSL/, "Enable ssl on the server, or remove sslmode from DATABASE_URL"],
  [
    /unsupported startup parameter/,
    "A connection pooler rejects the session settings. In pgbouncer.ini, set pool_mode = session and ignore_startup_parameters = options (che168-sync then sets them by SQL), or connect to PostgreSQL directly",
  ],
  [/statement pooling mode/, `${TRANSACTION_POOLING[0]?.toUpperCase()}${TRANSACTION_POOLING.slice(1)}`],
  [/no encryption/, "The server requires TLS: add sslmode=require or sslmode=verify-full to DATABASE_URL"],
  // Refused logins; after the requirement of TLS, which has the same code.
  [/^28/, "Check DB_USER and DB_PASSWORD, or those in DATABASE_URL, and the server's pg_hba.conf"],
];

/** The error of a database that could not be opened. Errors of this package are returned as they are. */
export function cannotOpen(description: string, cause: unknown): Che168Error {
  if (isChe168Error(cause)) {
    return cause;
  }
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  const code = errorCode(cause) ?? "";
  const remedy = REMEDIES.find(([pattern]) => pattern.test(code) || pattern.test(reason))?.[1];
  return new Che168Error(
    remedy === undefined ? "DATABASE_UNAVAILABLE" : "DATABASE_UNUSABLE",
    `The database ${description} cannot be opened: ${reason.replace(/\.$/, "")}. ${remedy ?? CHECK_ADDRESS}.`,
    { cause },
  );
}
