import { createHash } from "node:crypto";
import type { PoolClient } from "pg";
import { LockedError } from "../errors.ts";
import { postgresQueryable } from "./native-clients.ts";
import { SQLSTATE } from "./sql.ts";
import type { Lock, LockHolder, LockKind, Queryable } from "./types.ts";

/** "C168" as an int4: the class of this package's advisory locks, so that they do not collide with those of other programs. */
const LOCK_CLASS = 0x43313638;
const LOCK_IDS: Record<LockKind, number> = { data_fetch: 1, normalization: 2, migration: 3, webhooks: 4 };
const KIND_NAMES: Record<LockKind, string> = {
  data_fetch: "loading or updating",
  normalization: "normalisation",
  migration: "a schema change",
  webhooks: "sending webhooks",
};

/**
 * Ids of the locks of one schema: advisory locks belong to the whole database, which may hold several installations.
 * Those of `public` are the plain ids.
 */
function lockIdsOf(schema: string): ReadonlyMap<LockKind, number> {
  const base = schema === "public" ? 0 : createHash("sha256").update(schema).digest().readInt32BE(0) & ~3;
  return new Map(Object.entries(LOCK_IDS).map(([kind, id]) => [kind as LockKind, base | id]));
}

function lockedMessage(kind: LockKind, holder: string | undefined): string {
  const who = holder === undefined || holder === "" ? "another process" : holder;
  return `Another run is active: ${who} holds the lock of ${KIND_NAMES[kind]}. Wait until it has finished, then try again.`;
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

async function sessionsWithLocks(
  db: Queryable,
  ids: ReadonlyMap<LockKind, number>,
): Promise<Map<LockKind, Session>> {
  const { rows } = await db.query<{ id: number; pid: number; name: string | null }>(
    `select l.objid::bigint::bit(32)::int as id, l.pid, a.application_name as name
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = $1::int and l.objsubid = 2
        and l.database = (select oid from pg_database where datname = current_database())`,
    [LOCK_CLASS],
  );
  return new Map(
    [...ids].flatMap(([kind, id]) => {
      const row = rows.find((found) => found.id === id);
      return row ? [[kind, { pid: row.pid, name: row.name || "another process" }]] : [];
    }),
  );
}

/** Attempts to take a lock whose holder is not visible because it has just released the lock. */
const MAX_ATTEMPTS = 3;

/** Dependencies of the server's locks. */
interface ServerLocksParts {
  readonly connect: () => Promise<PoolClient>;
  /** Schema of this installation. */
  readonly schema: string;
  readonly now?: () => Date;
}

/** Advisory locks of a session: PostgreSQL releases them when the connection ends, so none outlives a crash. */
export function createServerLocks({ connect, schema, now = () => new Date() }: ServerLocksParts): {
  take(kinds: readonly LockKind[], applicationName: string): Promise<Lock>;
  holders(db: Queryable): Promise<LockHolder[]>;
} {
  const ids = lockIdsOf(schema);
  // Own sessions with a lost connection: the server may notice only later, and keeps their locks until then.
  const lost: Session[] = [];
  const isLost = (session: Session) =>
    lost.some(({ pid, name }) => pid === session.pid && name === session.name);

  const takeKind = async (client: PoolClient, kind: LockKind): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      const key = [LOCK_CLASS, ids.get(kind)];
      const { rows } = await client.query("select pg_try_advisory_lock($1::int, $2::int) as taken", key);
      if (rows[0]?.taken === true) {
        return;
      }
      const holder = (await sessionsWithLocks(postgresQueryable(client), ids)).get(kind);
      if (holder && isLost(holder)) {
        const message = "The server has not noticed yet that this process lost the connection with its lock";
        throw Object.assign(new Error(message), { code: SQLSTATE.lockNotAvailable });
      }
      if (holder || attempt === MAX_ATTEMPTS) {
        throw new LockedError(lockedMessage(kind, holder?.name), { kind, holder: holder?.name });
      }
    }
  };

  const take = async (kinds: readonly LockKind[], applicationName: string): Promise<Lock> => {
    let held: PoolClient | undefined;

    const connectAndTake = async () => {
      const client = await connect();
      const session = { pid: 0, name: holderName(applicationName, now()) };
      let dropped = false;
      const drop = () => {
        if (!dropped) {
          dropped = true;
          held = held === client ? undefined : held;
          lost.push(session);
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
          await takeKind(client, kind);
        }
        held = client;
      } catch (error) {
        // Closing the connection releases the locks already taken.
        drop();
        throw error;
      }
      return drop;
    };

    let drop = await connectAndTake();
    return {
      ensure: async () => {
        if (held === undefined) {
          drop = await connectAndTake();
        }
      },
      release: async () => {
        try {
          // Explicitly: the server may notice the end of the connection only later.
          await held?.query("select pg_advisory_unlock_all()");
        } catch {
          // The connection is lost, and the locks with it.
        }
        drop();
      },
    };
  };

  return {
    take,
    holders: async (db) =>
      [...(await sessionsWithLocks(db, ids))].flatMap(([kind, { name }]) =>
        kind === "webhooks" ? [] : [{ kind, holder: name }],
      ),
  };
}

/** The same guarantee within one process, for the embedded database, which has a single session. */
export function createProcessLocks(now: () => Date = () => new Date()): {
  take(kinds: readonly LockKind[], applicationName: string): Promise<Lock>;
  holders(): Promise<LockHolder[]>;
} {
  const held = new Map<LockKind, string>();
  return {
    holders: async () =>
      [...held].flatMap(([kind, holder]) => (kind === "webhooks" ? [] : [{ kind, holder }])),
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
