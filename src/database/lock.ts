import type { Pool, PoolClient } from "pg";
import { LockedError } from "../errors.ts";

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

const HOLDER_SQL = `
  select a.application_name as name
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
   where l.locktype = 'advisory' and l.granted and l.classid = $1::int and l.objid = $2::int and l.objsubid = 2
     and l.database = (select oid from pg_database where datname = current_database())`;

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
          const holder = await taken.query(HOLDER_SQL, key);
          throw new LockedError(lockedMessage(kind, holder.rows[0]?.name), { kind });
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

/** The connections of a pool, as {@link lockOnServer} needs them. */
export const connectTo = (pool: Pool) => () => pool.connect();

/** The same promise within one process, for the embedded database, which has one session only. */
export function createProcessLocks(): (kinds: readonly LockKind[], purpose: string) => Promise<Lock> {
  const holders = new Map<LockKind, string>();
  return async (kinds, purpose) => {
    for (const kind of kinds) {
      if (holders.has(kind)) {
        throw new LockedError(lockedMessage(kind, holders.get(kind)), { kind });
      }
    }
    const name = holderName(purpose, new Date());
    for (const kind of kinds) {
      holders.set(kind, name);
    }
    let held = true;
    return {
      ensure: async () => {},
      release: async () => {
        if (held) {
          held = false;
          for (const kind of kinds) {
            holders.delete(kind);
          }
        }
      },
    };
  };
}
