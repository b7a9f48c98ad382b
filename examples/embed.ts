/**
 * Load, update, normalise and create a token inside an application.
 * Can be run repeatedly: each run resumes where the previous one stopped.
 */
import {
  createClient,
  createDatabase,
  createLoader,
  createNormalizer,
  createTokens,
  createUpdater,
  isChe168Error,
  runDaily,
} from "che168-sync";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const { signal } = stop;

// Without an address, the embedded database in .che168/pgdata is used.
const database = await createDatabase({ url: process.env.DATABASE_URL });
const client = createClient({
  apiKey: process.env.CHE168_API_KEY ?? "",
  accessName: process.env.CHE168_ACCESS_NAME ?? "",
  // Overrides the account's address, for example with the sandbox.
  baseUrl: process.env.CHE168_BASE_URL,
});

try {
  const loaded = await createLoader({ database, client }).run({
    signal,
    onProgress: ({ done, total }) => console.error(`${done} of ${total ?? "unknown"} listings`),
    // Hooks are awaited; one that throws ends the run.
    onPage: ({ page, loaded }) => console.error(`page ${page}: ${loaded} new`),
    onRejected: ({ reason, innerId }) => console.error(`rejected: ${innerId ?? "a listing"}, ${reason}`),
  });
  console.log(`Loaded ${loaded.loaded} listings in ${loaded.pages} pages: ${loaded.status}`);

  const daily = await runDaily({
    database,
    updater: createUpdater({ database, client }),
    normalizer: createNormalizer({ database }),
    normalize: {
      // Called before each listing is stored, with its rejected or corrected values.
      onListing: (listing, issues) => {
        if (issues.length > 0) {
          console.error(`${listing.inner_id}: ${issues.map(({ code }) => code).join(", ")}`);
        }
      },
    },
    signal,
  });
  console.log(`Read ${daily.update.changes} changes, normalised ${daily.normalize?.processed} listings`);

  const [created] = await createTokens({ database }).create({ description: "my site" });
  console.log(`Token: ${created?.token}`);
} catch (error) {
  if (!isChe168Error(error) || error.code !== "LOCKED") {
    throw error;
  }
  console.log(`Another process is running: ${error.message}`);
} finally {
  await client.close();
  await database.close();
}
