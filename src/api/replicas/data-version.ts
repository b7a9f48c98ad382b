import type { Database } from "../../database/index.ts";
import type { QueryLimiter } from "./limiter.ts";

/** How the data stood at one moment. Read before the data that is labelled with it. */
export interface DataVersion {
  /** Raised by every transaction that changes listings. */
  readonly version: string;
  /** The greatest id of a listing; later listings have greater ones. 0 when there are none. */
  readonly newestId: number;
}

/** Reads a {@link DataVersion}. */
export const VERSION_STATEMENT = `
  select version::text as version, coalesce((select max(id) from processed_data), 0)::int as "newestId"
    from data_version where id = 1`;

/** Reads the version at most once in `everyMs`, by one request at a time. */
export function createDataVersion(options: {
  database: Pick<Database, "query">;
  gate: QueryLimiter;
  everyMs: number;
}): {
  read(): DataVersion | Promise<DataVersion>;
  /** What is known is not true any more. */
  forget(): void;
} {
  let last: DataVersion | undefined;
  let readAt = 0;
  let reading: Promise<DataVersion> | undefined;

  const read = async (): Promise<DataVersion> => {
    const begun = performance.now();
    const { rows } = await options.gate.run(() =>
      options.database.query<DataVersion>(VERSION_STATEMENT, [], { name: "che168_version" }),
    );
    const now = rows[0] ?? { version: "0", newestId: 0 };
    if (now.version !== last?.version || now.newestId !== last.newestId) {
      last = now;
    }
    readAt = begun;
    return last;
  };

  return {
    read: () => {
      if (last !== undefined && performance.now() - readAt < options.everyMs) {
        return last;
      }
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    forget: () => {
      last = undefined;
    },
  };
}
