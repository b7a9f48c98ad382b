// `npm run fuzz -- --minutes 10 [--seed 1]`: sends inputs generated from a grammar to the client, the normaliser and the API
// for a limited time. Add its findings to test/fixtures/fuzz/ as cases.
import { parseArgs } from "node:util";
import fc from "fast-check";
import { answers, forwarded, listings, queries } from "../test/support/fuzz/grammar.ts";
import { openTargets } from "../test/support/fuzz/targets.ts";

const { values } = parseArgs({ options: { minutes: { type: "string" }, seed: { type: "string" } } });
const minutes = Number(values.minutes ?? 5);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write("usage: npm run fuzz -- [--minutes 5] [--seed N]\n");
  process.exit(2);
}
const say = (text: string) => process.stdout.write(`${text}\n`);
say(`seed ${seed}, ${minutes} min`);

const targets = await openTargets();
const ROUNDS = {
  answers: { property: fc.asyncProperty(answers, targets.answer), numRuns: 100 },
  listings: { property: fc.asyncProperty(listings, async (data) => targets.listing(data)), numRuns: 2000 },
  queries: { property: fc.asyncProperty(queries, targets.query), numRuns: 500 },
  forwarded: { property: fc.asyncProperty(forwarded, targets.forwarded), numRuns: 200 },
};
const counts = { answers: 0, listings: 0, queries: 0, forwarded: 0 };
const end = performance.now() + minutes * 60_000;
let failures = 0;
for (let round = 0; performance.now() < end && failures < 10; round += 1) {
  for (const [name, { property, numRuns }] of Object.entries(ROUNDS)) {
    const result = await fc.check(property as fc.IAsyncProperty<[unknown]>, { numRuns, seed: seed + round });
    counts[name as keyof typeof counts] += result.numRuns;
    if (result.failed) {
      failures += 1;
      say(
        `\n${name}, seed ${seed + round}: ${result.errorInstance instanceof Error ? result.errorInstance.message : result.errorInstance}`,
      );
      say(JSON.stringify(result.counterexample));
    }
  }
}
await targets.close();
say(
  `\n${counts.answers} answers, ${counts.listings} listings, ${counts.queries} queries, ${counts.forwarded} forwarded addresses: ${failures} failures`,
);
process.exit(failures === 0 ? 0 : 1);
