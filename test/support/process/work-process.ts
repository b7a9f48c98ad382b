// Runs the loader, the updater or the reconciler in a separate process, for tests that kill it. The argument is a JSON object. Prints a
// line for each stored page, and the result at the end.
import { createDatabase, type DatabaseOptions } from "../../../src/database/index.ts";
import { openExport } from "../../../src/export-file/index.ts";
import { createLoader } from "../../../src/loader/index.ts";
import { silentLogger } from "../../../src/logging/types.ts";
import { createReconciler } from "../../../src/reconciler/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { type CallOptions, createClient } from "../../../src/upstream/index.ts";

export interface WorkOrder {
  readonly work: "initial" | "daily" | "reconcile";
  readonly database: DatabaseOptions;
  readonly baseUrl: string;
  /** @default "key" */
  readonly apiKey?: string;
  /** Address of the daily files, to be read instead of pages. */
  readonly exportUrl?: string;
  /** The current time. @default the real one */
  readonly now?: string;
}

const order = JSON.parse(process.argv[2] ?? "") as WorkOrder;
const print = (line: string) => process.stdout.write(`${line}\n`);
const database = await createDatabase(order.database);
const client = createClient({
  baseUrl: order.baseUrl,
  apiKey: order.apiKey ?? "key",
  offersIntervalMs: 0,
  changesIntervalMs: 0,
  offerIntervalMs: 0,
  retry: { attempts: 1, intervalMs: 0 },
});
const options = { database, client, now: () => new Date(order.now ?? Date.now()) };
const onPage = () => print("stored");
const { exportUrl: url } = order;
const remote = url && {
  account: { url, user: "sandbox", password: "sandbox" },
  ...{ timeoutMs: 60_000, retry: { attempts: 1, intervalMs: 0 }, logger: silentLogger },
};
const exportFile = remote
  ? (call: CallOptions) => openExport({ remote }, { timezone: "Europe/Moscow", now: options.now }, call)
  : undefined;
const JOBS = {
  initial: () => createLoader(options).run({ exportFile, onPage }),
  daily: () => createUpdater(options).run({ onPage }),
  reconcile: () => createReconciler(options).run({ exportFile, onProgress: onPage }),
};
const result = await JOBS[order.work]();
print(JSON.stringify(result));
await client.close();
await database.close();
