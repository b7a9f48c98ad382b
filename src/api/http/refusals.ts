import type { Logger } from "../../logging/types.ts";

/**
 * Counts unauthenticated requests, by client and minute: limits wrong tokens, and keeps such requests from filling the log.
 */
export interface Refusals {
  /**
   * Counts a wrong token.
   * @returns 0, or the seconds until this address may try again
   */
  countWrongToken(address: string): number;
  /**
   * Counts a response; false when it is only part of the summary at the end of the minute, without its own log line.
   * @param isRefused whether the request was refused; others without a token get more lines
   */
  isLogged(client: string, status: number, isRefused: boolean): boolean;
}

const WINDOW_MS = 60_000;
const MAX_WRONG_TOKENS = 10;
/** Log lines per client and minute, before the summary. */
const MAX_REFUSED_LINES = 1;
const MAX_OPEN_LINES = 20;
/** Clients with their own counter; the others share one, so that neither memory nor log grow with their number. */
const MAX_CLIENTS = 10_000;
const MAX_SUMMARIES = 100;
const OTHERS = "other addresses";

interface Counts {
  wrongTokens: number;
  refused: number;
  open: number;
  /** Responses without their own log line, by status. */
  readonly unlogged: Map<number, number>;
}

const total = ({ unlogged }: Counts) => [...unlogged.values()].reduce((sum, count) => sum + count, 0);

const summary = (client: string, counts: Counts): string => {
  const byStatus = [...counts.unlogged].map(([status, count]) => `${status}: ${count}`).join(", ");
  return `${total(counts)} more requests of ${client} in ${WINDOW_MS / 1_000} s, not logged one by one (${byStatus})`;
};

export function createRefusals(logger: Logger): Refusals {
  let clients = new Map<string, Counts>();
  let startedAt = Number.NEGATIVE_INFINITY;

  const finish = () => {
    const unlogged = [...clients].filter(
      ([
        ,
        {
          unlogged: { size },
        },
      ]) => size > 0,
    );
    clients = new Map();
    unlogged.sort(([, one], [, other]) => total(other) - total(one));
    for (const [client, counts] of unlogged.slice(0, MAX_SUMMARIES)) {
      logger.warn(summary(client, counts));
    }
    const rest = unlogged.slice(MAX_SUMMARIES);
    if (rest.length > 0) {
      const sum = rest.reduce((count, [, counts]) => count + total(counts), 0);
      logger.warn(`${sum} more requests of ${rest.length} more addresses, not logged one by one`);
    }
  };

  const countsOf = (client: string): Counts => {
    if (clients.size === 0) {
      startedAt = performance.now();
      setTimeout(finish, WINDOW_MS).unref();
    }
    const key = clients.has(client) || clients.size < MAX_CLIENTS ? client : OTHERS;
    let counts = clients.get(key);
    if (counts === undefined) {
      counts = { wrongTokens: 0, refused: 0, open: 0, unlogged: new Map() };
      clients.set(key, counts);
    }
    return counts;
  };

  return {
    countWrongToken: (address) => {
      const counts = countsOf(address);
      counts.wrongTokens += 1;
      return counts.wrongTokens > MAX_WRONG_TOKENS
        ? Math.max(1, (startedAt + WINDOW_MS - performance.now()) / 1_000)
        : 0;
    },
    isLogged: (client, status, isRefused) => {
      const counts = countsOf(client);
      const lines = isRefused ? counts.refused : counts.open;
      if (lines < (isRefused ? MAX_REFUSED_LINES : MAX_OPEN_LINES)) {
        counts[isRefused ? "refused" : "open"] += 1;
        return true;
      }
      counts.unlogged.set(status, (counts.unlogged.get(status) ?? 0) + 1);
      return false;
    },
  };
}
