// Only reads the batches of `normalize`, in a child process. Sends the elapsed milliseconds.
import { createDatabase } from "../../src/database/index.ts";
import { RULES_VERSION } from "../../src/listing/fields.ts";
import { takeBatch } from "../../src/normalizer/store-batch.ts";

const database = await createDatabase({ url: process.argv[2] ?? "" });
const started = performance.now();
for (let after = 0; ; ) {
  const batch = await takeBatch(database, { after, size: 200, rulesVersion: RULES_VERSION });
  // Parsed by the driver.
  for (const { data } of batch) {
    JSON.parse(data ?? "null");
  }
  const last = batch.at(-1);
  if (last === undefined) {
    break;
  }
  after = last.id;
}
const ms = performance.now() - started;
await database.close();
process.send?.(ms);
process.disconnect?.();
