// Only reads rows as `normalize` does, in batches and by the same driver, in a child process. Sends the elapsed milliseconds.
import { createDatabase } from "../../src/database/index.ts";

const READ = `
  select id, inner_id, xmin::text as version, data::text as data
    from raw_data where id > $1::int order by id limit 200`;

const database = await createDatabase({ url: process.argv[2] ?? "" });
const read = async (after: number) =>
  (await database.query<{ id: number; data: string }>(READ, [after], { name: "bench_read" })).rows;
const started = performance.now();
// Reads the next batch before this one is dropped, as the normaliser does.
for (let next = read(0); ; ) {
  const last = (await next).at(-1);
  if (last === undefined) {
    break;
  }
  next = read(last.id);
}
const ms = performance.now() - started;
await database.close();
process.send?.(ms);
process.disconnect?.();
