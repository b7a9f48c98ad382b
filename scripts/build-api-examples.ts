import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createApiHandler } from "../src/api/index.ts";
import { runDaily } from "../src/daily/index.ts";
import { createDatabase } from "../src/database/index.ts";
import { createLoader } from "../src/loader/index.ts";
import { createNormalizer } from "../src/normalizer/index.ts";
import { startSandbox } from "../src/sandbox/index.ts";
import { createTokens } from "../src/tokens/index.ts";
import { createUpdater } from "../src/updater/index.ts";
import { createClient } from "../src/upstream/index.ts";

// Writes the examples of the OpenAPI document: real responses to requests about the sandbox, with shortened lists.

const EXAMPLES = fileURLToPath(new URL("../src/api/schema/examples.json", import.meta.url));
const MAX_ITEMS = 2;
const MAX_TEXT = 120;

/** A request for each schema that is the body of a response, and of those the members with a schema of their own. */
const REQUESTS: Readonly<Record<string, { path: string; members?: Readonly<Record<string, string>> }>> = {
  OffersPage: { path: "/offers?lang=ru&limit=2", members: { OfferCard: "result" } },
  OfferSelectionPage: { path: "/offers?fields=inner_id,price,km_age", members: { OfferSelection: "result" } },
  Offer: { path: "/offers/{inner_id}?lang=ru" },
  Filters: { path: "/filters?lang=ru" },
  ChangesPage: { path: "/changes?after=0", members: { Change: "result" } },
  Suggestions: { path: "/suggest?q=bmw&lang=ru" },
  Fields: { path: "/fields?lang=ru" },
  Customs: { path: "/offers/{inner_id}/customs?country=ru&lang=ru" },
  Market: { path: "/market?mark=BMW" },
  Stats: { path: "/stats" },
  DailyStats: { path: "/stats/daily?days=7" },
  Health: { path: "/health" },
};

/** Shortens lists and texts. Cursors and addresses stay whole. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.slice(0, MAX_ITEMS).map(shortened);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shortened(member)]));
  }
  const isProse = typeof value === "string" && value.length > MAX_TEXT && !/^(?:https:|\/)/.test(value);
  return isProse ? `${(value as string).slice(0, MAX_TEXT)}…` : value;
}

const sandbox = await startSandbox({ offers: 120 });
const database = await createDatabase({ dataDir: "memory://" });
const client = createClient({
  baseUrl: sandbox.baseUrl,
  apiKey: "key",
  offersIntervalMs: 0,
  changesIntervalMs: 0,
});
await createLoader({ database, client }).run();
await createNormalizer({ database }).run();
sandbox.advance(60);
await runDaily({
  database,
  updater: createUpdater({ database, client }),
  normalizer: createNormalizer({ database }),
});
const tokens = createTokens({ database });
const [created] = await tokens.create();
const api = createApiHandler({ database, tokens });
const get = async (path: string) => {
  const response = await api.request(path, { headers: { authorization: `Bearer ${created?.token}` } });
  return response.ok ? ((await response.json()) as Record<string, unknown>) : undefined;
};

const page = await get("/offers?limit=1");
const [card] = (page?.result ?? []) as { inner_id: string }[];
const innerId = card?.inner_id ?? "";
const examples: Record<string, unknown> = {};
for (const [name, { path, members = {} }] of Object.entries(REQUESTS)) {
  const body = await get(path.replace("{inner_id}", innerId));
  if (body !== undefined) {
    examples[name] = shortened(body);
    for (const [member, key] of Object.entries(members)) {
      examples[member] = shortened((body[key] as unknown[])[0]);
    }
  }
}
await writeFile(EXAMPLES, `${JSON.stringify(examples, null, 2)}\n`);
await tokens.close();
await client.close();
await database.close();
await sandbox.close();
