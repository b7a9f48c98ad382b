import { once } from "../util/once.ts";
import type { Client, ClientOptions } from "./client.ts";
import { resolveOptions } from "./client-options.ts";

/**
 * `createClient` for the package's entries: checks the options immediately, and loads the HTTP client and the validation
 * library with the first request.
 *
 * @throws ConfigError with every problem of the options
 */
export function createClient(options: ClientOptions): Client {
  resolveOptions(options);
  let client: Client | undefined;
  let isClosed = false;
  const loaded = once(async () => {
    client = (await import("./client.ts")).createClient(options);
    if (isClosed) {
      await client.close();
    }
    return client;
  });
  return {
    filters: async (call) => (await loaded()).filters(call),
    offersPage: async (page, call) => (await loaded()).offersPage(page, call),
    changeId: async (date, call) => (await loaded()).changeId(date, call),
    changesPage: async (changeId, call) => (await loaded()).changesPage(changeId, call),
    offer: async (innerId, call) => (await loaded()).offer(innerId, call),
    offerInfo: async (url, call) => (await loaded()).offerInfo(url, call),
    close: async () => {
      isClosed = true;
      await client?.close();
    },
  };
}
