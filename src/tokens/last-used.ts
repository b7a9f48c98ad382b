import type { Queryable } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import { errorMessage } from "../util/error-message.ts";

/** Writes when tokens were last used, in the background. */
export interface LastUsed {
  note(id: number): void;
  /** Resolves when all pending writes are done. */
  flush(): Promise<void>;
}

const WRITE_EVERY_MS = 60_000;

/** Each use within a minute of a recorded one is skipped. One statement runs at a time, so that writes cannot overtake each other. */
export function createLastUsed(options: {
  readonly db: Queryable;
  readonly logger: Logger;
  readonly now: () => Date;
}): LastUsed {
  const { db, logger, now } = options;
  const recorded = new Map<number, number>();
  const pending = new Map<number, Date>();
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    try {
      for (const [id, at] of pending) {
        pending.delete(id);
        await db.query("update api_tokens set last_used_at = $2::timestamptz where id = $1", [
          id,
          at.toISOString(),
        ]);
      }
    } catch (error) {
      pending.clear();
      logger.warn(`The last use of access tokens could not be recorded: ${errorMessage(error)}`);
    }
  };

  return {
    note: (id) => {
      const at = now();
      const last = recorded.get(id);
      if (last !== undefined && Math.abs(at.getTime() - last) < WRITE_EVERY_MS) {
        return;
      }
      recorded.set(id, at.getTime());
      pending.set(id, at);
      writing ??= write().finally(() => {
        writing = undefined;
      });
    },
    flush: async () => {
      await writing;
    },
  };
}
