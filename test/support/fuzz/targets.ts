import { createServer } from "node:http";
import { type AddressInfo, isIP } from "node:net";
import { createApiHandler } from "../../../src/api/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { isChe168Error } from "../../../src/errors.ts";
import { normalizeListing } from "../../../src/listing/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createClient } from "../../../src/upstream/index.ts";
import { canonicalAddress } from "../../../src/util/ip-address.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { emptyTables } from "../database/databases.ts";
import { isStorable } from "../database/storable.ts";
import type { Answer } from "./grammar.ts";

const KEY = "k3y/of+fuzz=1";
const NOW = () => new Date("2026-11-24T12:00:00Z");

/** The programs under test. Each function throws when they violate an invariant, whatever the input. */
export interface Targets {
  /** Passes a response of the service through client, loader or updater into the database, and normalises it. */
  answer(given: Answer): Promise<void>;
  listing(data: unknown): void;
  query(path: string): Promise<void>;
  /** Sends a request with a wrong token and this `X-Forwarded-For` to an API that trusts one proxy. */
  forwarded(addresses: string): Promise<void>;
  close(): Promise<void>;
}

function require(holds: boolean, message: string): void {
  if (!holds) {
    throw new Error(message);
  }
}

/** Starts a service, an API and a database in this process. */
export async function openTargets(): Promise<Targets> {
  let body = "";
  let path = "";
  const server = createServer((request, response) => {
    const asked = request.url ?? "";
    response.setHeader("content-type", "application/json");
    if (asked.startsWith(`/api${path}?`)) {
      // Only once: all further requests get the end of the data.
      path = "";
      response.end(body);
    } else if (asked.includes("/change_id")) {
      response.end('{"change_id":1}');
    } else {
      response.end('{"result":[],"meta":{"next_page":null,"next_change_id":null}}');
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const note = (line: string) => void lines.push(line);
  const logger = { debug: note, info: note, warn: note, error: note };
  const client = createClient({
    ...{
      baseUrl: `http://127.0.0.1:${port}/api`,
      apiKey: KEY,
      offersIntervalMs: 0,
      changesIntervalMs: 0,
      offerIntervalMs: 0,
      logger,
    },
    retry: { attempts: 1, intervalMs: 0 },
  });
  const database = await createDatabase({ dataDir: "memory://" });
  const served = await createDatabase({ dataDir: "memory://" });
  await insertListings(served, listings(50));
  const tokens = createTokens({ database: served });
  const [created] = await tokens.create({});
  const app = createApiHandler({
    database: served,
    tokens,
    logger,
    options: { rateLimit: { points: 1e9 } },
  });

  const behindProxy = createApiHandler({ database: served, tokens, logger, options: { trustProxy: true } });

  const checkLines = () => {
    const bad = lines.find(
      (line) => /\p{Cc}/u.test(line) || line.includes(KEY) || line.includes(encodeURIComponent(KEY)),
    );
    require(bad === undefined, `A line of the log: ${JSON.stringify(bad)}`);
    lines.length = 0;
  };

  /** This package's errors are valid outcomes; all others are faults. */
  const outcome = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      require(isChe168Error(error), `Not an error of ours: ${error instanceof Error ? error.stack : error}`);
      require(!String(error).includes(KEY), `The key is in: ${error}`);
    }
  };

  const WORK: Record<Answer["path"], () => Promise<unknown>> = {
    "/offers": () => createLoader({ database, client, logger, now: NOW }).run({ maxPages: 2 }),
    "/changes": () => createUpdater({ database, client, logger, now: NOW }).run(),
    "/change_id": async () => {
      await createUpdater({ database, client, logger, now: NOW }).run();
      path = "/change_id";
      await client.changeId("2026-11-24");
    },
    "/offer": () => client.offer("1"),
    "/filters": () => client.filters(),
  };

  return {
    answer: async (given) => {
      await emptyTables(database);
      await database.query(
        "insert into sync_state (id, last_change_id, last_successful_date) values (1, 1, '2026-11-23')",
      );
      ({ body, path } = given);
      await outcome(WORK[given.path]);
      await outcome(async () => {
        const result = await createNormalizer({ database, logger, now: NOW }).run();
        require(result.errors === 0, `Not normalised: ${result.failed.join(", ")}`);
      });
      checkLines();
    },
    listing: (data) => {
      const result = normalizeListing(data, { now: NOW() });
      require(isStorable(result), "What cannot be stored");
      require(!/(?<!\d)1[3-9]\d{9}(?!\d)/.test(
        JSON.stringify(result.listing.description),
      ), "A telephone number is served");
    },
    query: async (asked) => {
      const answer = await app.request(asked, { headers: { authorization: `Bearer ${created?.token}` } });
      require([200, 400, 404, 414].includes(answer.status), `${answer.status} for ${asked}`);
      await answer.text();
      checkLines();
    },
    forwarded: async (addresses) => {
      const headers = { "x-forwarded-for": addresses, authorization: "Bearer AAAAAAAAAAAAAAAA" };
      const answer = await behindProxy.request("/offers", { headers });
      require([401, 429].includes(answer.status), `${answer.status} for ${addresses}`);
      await answer.text();
      const read = canonicalAddress(addresses.split(",").at(-1) ?? "");
      require(read === undefined || (isIP(read) > 0 && canonicalAddress(read) === read), `Read as ${read}`);
      checkLines();
    },
    close: async () => {
      await client.close();
      await database.close();
      await served.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
