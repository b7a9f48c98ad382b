// Prints the growth of the heap, in bytes, over API client requests that share one signal. Needs --expose-gc. Argument: the number
// of requests.
import { setImmediate as nextTurn } from "node:timers/promises";
import { createApiClient } from "../../../src/api-client/index.ts";

const requests = Number(process.argv[2]);
const stats = '{"listings":{}}';
const client = createApiClient({
  baseUrl: "http://api.test",
  token: "token",
  fetch: () => new Response(stats, { headers: { "content-type": "application/json" } }),
});
const { signal } = new AbortController();

async function heapAfter(count: number): Promise<number> {
  for (let index = 0; index < count; index += 1) {
    await client.stats({ signal });
    if (index % 100 === 0) {
      // As between real responses; weak references are cleared between turns of the event loop.
      await nextTurn();
    }
  }
  gc?.();
  await nextTurn();
  gc?.();
  return process.memoryUsage().heapUsed;
}

const before = await heapAfter(5_000);
process.stdout.write(`${(await heapAfter(requests)) - before}\n`);
