import { afterAll, expect, test } from "vitest";
import {
  createApiHandler,
  createClient,
  createDatabase,
  createLoader,
  createNormalizer,
  createTokens,
  createUpdater,
  runDaily,
} from "../../src/index.ts";
import { startSandbox } from "../../src/sandbox/index.ts";

// `npm run test:deep` runs every integration suite on the embedded database; this is the one pass in `npm test`.
const sandbox = await startSandbox({ offers: 120, changesPerDay: 40 });
const database = await createDatabase({ dataDir: "memory://" });
const client = createClient({
  apiKey: "key",
  baseUrl: sandbox.baseUrl,
  offersIntervalMs: 0,
  changesIntervalMs: 0,
  offerIntervalMs: 0,
});

afterAll(async () => {
  await client.close();
  await database.close();
  await sandbox.close();
});

test("a catalogue and a day of changes are loaded, normalised and served on the embedded database", async () => {
  const loaded = await createLoader({ database, client }).run();
  expect(loaded).toMatchObject({ status: "OK", loaded: 120 });

  const normalizer = createNormalizer({ database });
  const daily = await runDaily({ database, updater: createUpdater({ database, client }), normalizer });
  expect(daily.update.status).toBe("OK");
  const { rows } = await database.query(
    "select count(*)::int as stored, count(*) filter (where not is_processed)::int as open from raw_data",
  );
  const { rows: served } = await database.query("select count(*)::int as stored from processed_data");
  expect(rows[0]).toMatchObject({ open: 0 });
  expect(served[0]?.stored).toBe(rows[0]?.stored);

  const tokens = createTokens({ database });
  const [token] = await tokens.create();
  const response = await createApiHandler({ database, tokens }).request("/offers?limit=5", {
    headers: { authorization: `Bearer ${token?.token}` },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ result: { length: 5 } });
  await tokens.close();
});
