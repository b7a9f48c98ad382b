import type { PoolClient } from "pg";
import { LockedError } from "../errors.ts";
import { postgresQueryable } from "./native-clients.ts";
import type { Lock, LockHolder, LockKind, Queryable } from "./types.ts";

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
function holderName(applicationName: string, now: Date): string {
  const since = ` since ${now.toISOString().slice(0, 19)}Z`;
  return applicationName.slice(0, 63 - since.length) + since;
}

interface Session {
  readonly pid: number;
  readonly name: string;
}

async function sessionsWithLocks(db: Queryable): Promise<Map<LockKind, Session>> {
  const { rows } = await db.query<{ id: number; pid: number; name: string | null }>(
    `select l.objid::int as id, l.pid, a.application_name as name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1::int and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [LOCK_CLASS],
  );
  return new Map(
    (Object.keys(LOCK_IDS) as LockKind[]).flatMap((kind) => {
      const row = rows.find(({ id }) => id === LOCK_IDS[kind]);
      return row ? [[kind, { pid: row.pid, name: row.name || "another process" }]] : [];
    }),
  );
}

/** Everyone who holds a lock of this package in this database. */
export async function holdersOnServer(db: Queryable): Promise<LockHolder[]> {
  return [...(await sessionsWithLocks(db))].map(([kind, { name }]) => ({ kind, holder: name }));
}

/** SQLSTATE of "lock not available": worth another attempt. */
const LOCK_NOT_AVAILABLE = "55P03";

/** How often a lock is tried of which nobody seems to be the holder: he has just gone. */
const TRIES = 3;

async function takeKind(
  client: PoolClient,
  kind: LockKind,
  isGone: (session: Session) => boolean,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const key = [LOCK_CLASS, LOCK_IDS[kind]];
    const { rows } = await client.query("select pg_try_advisory_lock($1::int, $2::int) as taken", key);
    if (rows[0]?.taken === true) {
      return;
    }
    const holder = (await sessionsWithLocks(postgresQueryable(client))).get(kind);
    if (holder && isGone(holder)) {
      const message = "The server has not noticed yet that this process lost the connection with its lock";
      throw Object.assign(new Error(message), { code: LOCK_NOT_AVAILABLE });
    }
    if (holder || attempt === TRIES) {
      throw new LockedError(lockedMessage(kind, holder?.name), { kind, holder: holder?.name });
    }
  }
}

/** Advisory locks of a session: PostgreSQL frees them when the connection ends, so no crash leaves one behind. */
export function createServerLocks(
  connect: () => Promise<PoolClient>,
  now: () => Date = () => new Date(),
): (kinds: readonly LockKind[], applicationName: string) => Promise<Lock> {
  // Sessions of ours whose connection is gone. The server may notice that only later, and holds their locks till then.
  const gone: Session[] = [];
  const isGone = (session: Session) =>
    gone.some(({ pid, name }) => pid === session.pid && name === session.name);

  return async (kinds, applicationName) => {
    let held: PoolClient | undefined;

    const take = async () => {
      const client = await connect();
      const session = { pid: 0, name: holderName(applicationName, now()) };
      let dropped = false;
      const drop = () => {
        if (!dropped) {
          dropped = true;
          held = held === client ? undefined : held;
          gone.push(session);
          client.release(true);
        }
      };
      client.on("error", drop);
      try {
        const { rows } = await client.query(
          "select pg_backend_pid() as pid, set_config('application_name', $1, false)",
          [session.name],
        );
        session.pid = rows[0]?.pid;
        for (const kind of kinds) {
          await takeKind(client, kind, isGone);
        }
        held = client;
      } catch (error) {
        // The connection goes, and with it whatever part of the locks it had taken.
        drop();
        throw error;
      }
      return drop;
    };

    let drop = await take();
    return {
      ensure: async () => {
        if (held === undefined) {
          drop = await take();
        }
      },
      release: async () => {
        try {
          // Asked for, not left to the end of the connection, which the server notices only some time later.
          await held?.query("select pg_advisory_unlock_all()");
        } catch {
          // The connection is gone, and the locks with it.
        }
        drop();
      },
    };
  };
}

/** The same promise within one process, for the embedded database, which has one session only. */
export function createProcessLocks(now: () => Date = () => new Date()): {
  take(kinds: readonly LockKind[], applicationName: string): Promise<Lock>;
  holders(): Promise<LockHolder[]>;
} {
  const held = new Map<LockKind, string>();
  return {
    holders: async () => [...held].map(([kind, holder]) => ({ kind, holder })),
    take: async (kinds, applicationName) => {
      for (const kind of kinds) {
        const holder = held.get(kind);
        if (holder !== undefined) {
          throw new LockedError(lockedMessage(kind, holder), { kind, holder });
        }
      }
      const name = holderName(applicationName, now());
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
