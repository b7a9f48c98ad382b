import { LRUCache } from "lru-cache";
import { addressKey } from "../util/ip-address.ts";

/** Requests per client address and window. */
export interface ProxyRateLimit {
  /** @default 600 */
  readonly points?: number | undefined;
  /** Length of the window, in seconds. @default 60 */
  readonly durationSec?: number | undefined;
}

/** Addresses with their own count; the least recently seen ones are forgotten. */
const MAX_ADDRESSES = 20_000;

/**
 * Counts requests in fixed windows. IPv6 clients share the count of their /64.
 *
 * @returns 0, or the seconds until the address may send again
 */
export function createClientLimit({
  points = 600,
  durationSec = 60,
}: ProxyRateLimit): (address: string) => number {
  const windows = new LRUCache<string, { count: number }>({ max: MAX_ADDRESSES, ttl: durationSec * 1_000 });
  return (address) => {
    const key = addressKey(address);
    const known = windows.get(key);
    if (known === undefined) {
      windows.set(key, { count: 1 });
      return 0;
    }
    known.count += 1;
    return known.count <= points ? 0 : Math.max(1, Math.ceil(windows.getRemainingTTL(key) / 1_000));
  };
}
