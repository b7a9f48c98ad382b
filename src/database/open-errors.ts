import { Che168Error } from "../errors.ts";
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

export function unavailable(description: string, cause: unknown): Che168Error {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new Che168Error(
    "DATABASE_UNAVAILABLE",
    `The database ${description} cannot be opened: ${reason}. Check DATABASE_URL or DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, and that the server runs.`,
    { cause },
  );
}
