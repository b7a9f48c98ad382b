// Reads many results over one database, and prints the heap in bytes that they still hold after a minor GC. Run it without
// major GCs, which would free everything.
import { createDatabase } from "../../../src/database/index.ts";

export interface ResultMemoryOrder {
  readonly url: string;
  readonly count: number;
  readonly resultBytes: number;
  readonly inTransactions: boolean;
}

const CONCURRENCY = 32;
const WARM_UP = 500;

const { url, count, resultBytes, inTransactions } = JSON.parse(process.argv[2] ?? "") as ResultMemoryOrder;
const collect = globalThis.gc as unknown as (options?: { readonly type: "minor" }) => void;
const database = await createDatabase({ url, poolSize: 8 });

/** The result is another one each time. */
const read = (index: number) => {
  const values = [resultBytes, index];
  const text = "select repeat('x', $1::int) || $2::text as text";
  return inTransactions ? database.transaction((tx) => tx.query(text, values)) : database.query(text, values);
};

async function readAll(total: number): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < total) {
      next += 1;
      await read(next);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

await readAll(WARM_UP);
collect();
const before = process.memoryUsage().heapUsed;
await readAll(count);
collect({ type: "minor" });
process.stdout.write(String(process.memoryUsage().heapUsed - before));
await database.close();
