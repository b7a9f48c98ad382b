// One run of the loader or of the updater in a process of its own, to be killed. Its argument is a JSON object; it prints
// a line for each page that is stored, and what the run reached at the end.
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createClient } from "../../../src/upstream/index.ts";

export interface WorkOrder {
  readonly work: "initial" | "daily";
  readonly database: DatabaseOptions;
  readonly baseUrl: string;
  /** What the clock shows. */
  readonly now: string;
}

const order = JSON.parse(process.argv[2] ?? "") as WorkOrder;
const print = (line: string) => process.stdout.write(`${line}\n`);
const database = await createDatabase(order.database);
const client = createClient({
  ...{ baseUrl: order.baseUrl, apiKey: "key", offersIntervalMs: 0, changesIntervalMs: 0, offerIntervalMs: 0 },
  retry: { attempts: 1, intervalMs: 0 },
});
const options = { database, client, now: () => new Date(order.now) };
const onPage = () => print("stored");
const result = await (order.work === "initial"
  ? createLoader(options).run({ onPage })
  : createUpdater(options).run({ onPage }));
print(JSON.stringify(result));
await client.close();
await database.close();
