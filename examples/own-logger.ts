/** A custom logger: pino, consola and console fit as they are; any other needs these four methods. */
import { createClient, createDatabase, createLoader, type Logger } from "che168-sync";
import { pino } from "pino";

const logger: Logger = pino({ base: { app: "importer" } });

const database = await createDatabase({ dataDir: "memory://", logger });
const client = createClient({
  apiKey: process.env.CHE168_API_KEY ?? "",
  accessName: process.env.CHE168_ACCESS_NAME ?? "",
  // Overrides the account's address, for example with the sandbox.
  baseUrl: process.env.CHE168_BASE_URL,
  logger,
});
try {
  const { loaded } = await createLoader({ database, client, logger }).run({ maxPages: 2 });
  logger.info(`${loaded} listings in two pages`);
} finally {
  await client.close();
  await database.close();
}
