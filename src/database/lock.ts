import type { PoolClient } from "pg";
import { LockedError } from "../errors.ts";
import { queryableOf } from "./server.ts";
import type { Queryable } from "./types.ts";

/**
 * The kinds of work of which one may run at a time: the catalogue and the feed are `data_fetch`.
 * Two runs of different kinds do not disturb each other.
 */
export type LockKind = "data_fetch" | "normalization" | "migration";

/** Held until released, or until the process ends, however it ends. */
export interface Lock {
  /**
   * Makes sure that the lock is still ours; takes it again when the connection that held it was cut.
   * @throws LockedError when another process took it meanwhile
   */
  ensure(): Promise<void>;
  release(): Promise<void>;
}

/** "C168" as an int4: the class of this package's advisory locks, so that they meet no one else's. */
const LOCK_CLASS = 0x43313638;
const LOCK_IDS: Record<LockKind, number> = { data_fetch: 1, normalization: 2, migration: 3 };
const KIND_NAMES: Record<LockKind, string> = {
  data_fetch: "loading or updating",
  normalization: "normalisation",
  migration: "a change of the schema",
};

function lockedMessage(kind: LockKind, holder: string | undefined): string {
  const who = holder === undefined || holder === "" ? "another process" : holder;
  return `Another run is at work: ${who} holds the lock of ${KIND_NAMES[kind]}. Wait until it has ended, then try again.`;
}

/** `che168-sync daily since 2026-11-24T03:00:00Z`, cut to the 63 bytes that PostgreSQL keeps of a name. */
function holderName(purpose: string, now: Date): string {
  const since = ` since ${now.toISOString().slice(0, 19)}Z`;
  return purpose.slice(0, 63 - since.length) + since;
}

/** Who holds a lock, and of what. */
export interface LockHolder {
  readonly kind: LockKind;
  /** Command and time, e.g. `che168-sync daily since 2026-11-24T03:00:00Z`. */
  readonly holder: string;
}

/** Everyone who holds a lock of this package in this database. */
export async function holdersOnServer(db: Queryable): Promise<LockHolder[]> {
  const { rows } = await db.query<{ id: number; name: string | null }>(
    `select l.objid::int as id, a.application_name as name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1::int and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [LOCK_CLASS],
  );
  return (Object.keys(LOCK_IDS) as LockKind[]).flatMap((kind) => {
    const row = rows.find(({ id }) => id === LOCK_IDS[kind]);
    return row ? [{ kind, holder: row.name || "another process" }] : [];
  });
}

/** Advisory locks of a session: PostgreSQL frees them when the connection ends, so no crash leaves one behind. */
export async function lockOnServer(
  connect: () => Promise<PoolClient>,
  kinds: readonly LockKind[],
  purpose: string,
  now: () => Date = () => new Date(),
): Promise<Lock> {
  let client: PoolClient | undefined;

  const dropClient = (broken: boolean) => {
    const dropped = client;
    client = undefined;
    dropped?.release(broken);
  };

  const take = async () => {
    const taken = await connect();
    taken.once("error", () => {
      if (client === taken) {
        dropClient(true);
      }
    });
    client = taken;
    try {
      await taken.query("select set_config('application_name', $1, false)", [holderName(purpose, now())]);
      for (const kind of kinds) {
        const key = [LOCK_CLASS, LOCK_IDS[kind]];
        const { rows } = await taken.query("select pg_try_advisory_lock($1::int, $2::int) as taken", key);
        if (rows[0]?.taken !== true) {
          const holders = await holdersOnServer(queryableOf(taken));
          const holder = holders.find((one) => one.kind === kind)?.holder;
          throw new LockedError(lockedMessage(kind, holder), { kind, holder });
        }
      }
    } catch (error) {
      // The connection goes, and with it whatever part of the locks it had taken.
      dropClient(true);
      throw error;
    }
  };

  await take();
  return {
    ensure: async () => {
      if (client === undefined) {
        await take();
      }
    },
    release: async () => {
      const held = client;
      try {
        // Asked for, not left to the end of the connection, which the server notices only some time later.
        await held?.query("select pg_advisory_unlock_all()");
      } catch {
        // The connection is gone, and the locks with it.
      }
      if (client === held) {
        dropClient(true);
      }
    },
  };
}

/** The same promise within one process, for the embedded database, which has one session only. */
export function createProcessLocks(now: () => Date = () => new Date()): {
  take(kinds: readonly LockKind[], purpose: string): Promise<Lock>;
  holders(): Promise<LockHolder[]>;
} {
  const held = new Map<LockKind, string>();
  return {
    holders: async () => [...held].map(([kind, holder]) => ({ kind, holder })),
    take: async (kinds, purpose) => {
      for (const kind of kinds) {
        const holder = held.get(kind);
        if (holder !== undefined) {
          throw new LockedError(lockedMessage(kind, holder), { kind, holder });
        }
      }
      const name = holderName(purpose, now());
      for (const kind of kinds) {
        held.set(kind, name);
      }
      let released = false;
      return {
        ensure: async () => {},
        release: async () => {
          if (!released) {
            released = true;
            for (const kind of kinds) {
              held.delete(kind);
            }
          }
        },
      };
    },
  };
}
