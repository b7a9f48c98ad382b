import type { Queryable } from "../../database/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { isOlder } from "../replicas/data-version.ts";
import type { ServerState } from "../replicas/replica.ts";
import { buildColumnStore, type ColumnStore } from "./column-store.ts";
import { CHUNK_ROWS, type Chunk, chunkSql, type StoredRows } from "./columns.ts";

/** A store, and a version that its data is not older than. */
export interface VersionedStore {
  readonly version: string;
  readonly store: ColumnStore;
}

/** The column store of this process, renewed as the data changes. */
export interface ColumnStores {
  /** The store of a snapshot's data, at most {@link MAX_AGE_MS} older while a job changes it. */
  current(state: Pick<ServerState, "version" | "read">): MaybePromise<VersionedStore>;
  /** The store, if its data is that of this version. */
  exactly(version: string): ColumnStore | undefined;
}

/** While the normalizer runs, the version rises every second; the store is read again at most this often. */
const MAX_AGE_MS = 5_000;
/** A store that is read quickly is renewed sooner: reading takes at most a twentieth of the time. */
const AGE_PER_READ = 20;

/** Reads all rows, chunk by chunk: other requests get their turn in between. */
async function readStore(
  stored: StoredRows,
  read: ServerState["read"],
  expected: number,
): Promise<ColumnStore> {
  const builder = buildColumnStore(expected);
  for (let after = 0; ; ) {
    const position = after;
    const text = await read((db) => readChunk(db, stored, position));
    const chunk = JSON.parse(text) as Chunk;
    const ids = chunk[0] ?? [];
    if (ids.length > 0) {
      builder.append(chunk);
    }
    if (ids.length < CHUNK_ROWS) {
      return builder.finish();
    }
    after = ids.at(-1) as number;
  }
}

async function readChunk(db: Queryable, stored: StoredRows, after: number): Promise<string> {
  const { rows } = await db.query<{ chunk: string }>(chunkSql(stored), [after], {
    name: `che168_columns_${stored}`,
  });
  return rows[0]?.chunk ?? "[]";
}

/** Creates the holder of the store, which is empty until the first request. */
export function createColumnStores(stored: StoredRows = "listed"): ColumnStores {
  let last: (VersionedStore & { readonly readAt: number; readonly maxAgeMs: number }) | undefined;
  let reading: Promise<VersionedStore> | undefined;

  const renew = (state: Pick<ServerState, "version" | "read">): Promise<VersionedStore> => {
    const startedAt = performance.now();
    reading ??= readStore(stored, state.read, last?.store.rows ?? CHUNK_ROWS)
      .then((store) => {
        const maxAgeMs = Math.min(MAX_AGE_MS, AGE_PER_READ * (performance.now() - startedAt));
        last = { version: state.version, store, readAt: startedAt, maxAgeMs };
        return last;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };

  return {
    current: (state) => {
      if (last === undefined || last.version === state.version) {
        return last ?? renew(state);
      }
      // A standby may be at an older version than the store.
      if (!isOlder(last.version, state.version)) {
        return last;
      }
      const age = performance.now() - last.readAt;
      if (age >= last.maxAgeMs) {
        return renew(state);
      }
      if (age >= last.maxAgeMs / 2) {
        // In the background, so that no request waits for it; the next one reports a failure.
        renew(state).catch(() => {});
      }
      return last;
    },
    exactly: (version) => (last?.version === version ? last.store : undefined),
  };
}
