import fc from "fast-check";
import { expect, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createClient } from "../../../src/upstream/index.ts";
import { emptyTables, onEachDatabase } from "../../support/database/databases.ts";
import { comparable, createModel, type SentRecord } from "../../support/database/model.ts";
import { feedPosition, rawRows, rejected } from "../../support/database/rows.ts";

const FIRST_DAY = Date.parse("2025-06-10T09:00:00Z");
const dayOf = (index: number) => new Date(FIRST_DAY + index * 86_400_000).toISOString().slice(0, 10);
const innerId = fc.constantFrom("a", "b", "c", "d", "e", "f");
const value = fc.oneof(
  fc.nat(9),
  fc.constantFrom("text", null, true, [1, [2]], { x: { y: 1 } }, 1e300, 0.1, "\ud83d\ude00"),
);
const key = fc.constantFrom("price", "new_price", "mark", "new_images", "extra", "new_extra", "__proto__");
const data = fc
  .array(fc.tuple(key, value), { maxLength: 3 })
  .map((entries): unknown => Object.fromEntries(entries));

/** A change without id and time; occasionally one that cannot be stored. */
const aChange = fc.oneof(
  { weight: 4, arbitrary: fc.record({ innerId, kind: fc.constant("added"), data }) },
  { weight: 8, arbitrary: fc.record({ innerId, kind: fc.constant("changed"), data }) },
  {
    weight: 4,
    arbitrary: fc.record({
      innerId,
      kind: fc.constant("removed"),
      data: fc.constantFrom<unknown>(undefined, null, {}, [], { price: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      innerId: fc.constantFrom("a", ""),
      kind: fc.constantFrom("sold", "added"),
      data: fc.constantFrom<unknown>("text", [1], null),
    }),
  },
);
/** `days` and `gap`: distance of a change from the previous one, in days and ids. */
const aFeed = fc.array(
  fc.record({ change: aChange, days: fc.constantFrom(0, 0, 0, 1, 2), gap: fc.constantFrom(1, 1, 2, 7) }),
  { maxLength: 25 },
);
const aRun = fc.record({
  /** Number of changes added before the run. */
  more: fc.nat(12),
  /** Days between the last change and the run. */
  later: fc.constantFrom(0, 0, 1, 3),
  /** Moves the position back to the change with this index. */
  replayFrom: fc.option(fc.nat(20), { nil: undefined }),
  /** Number of pages before the one that fails. */
  failsAfter: fc.option(fc.nat(3), { nil: undefined }),
  pageSize: fc.integer({ min: 1, max: 6 }),
  feedEnd: fc.constantFrom<SandboxOptions["feedEnd"]>("null", "equal", "empty"),
  offerForm: fc.constantFrom<SandboxOptions["offerForm"]>("bare", "result", "record"),
  load: fc.boolean(),
});

type Feed = { id: number; day: number; date: string; record: SentRecord }[];

/** Adds ids, days and times to the changes. */
function placed(
  feed: readonly { change: { innerId: string; kind: string; data: unknown }; days: number; gap: number }[],
): Feed {
  let day = 0;
  let id = 100;
  return feed.map(({ change, days, gap }) => {
    day += days;
    id += gap;
    const created_at = new Date(FIRST_DAY + day * 86_400_000 + id).toISOString();
    const named = { id, inner_id: change.innerId, change_type: change.kind, created_at };
    const record = change.data === undefined ? named : { ...named, data: change.data };
    return { id, day, date: dayOf(day), record };
  });
}

onEachDatabase("any change feed", ({ database, engine }) => {
  test("results in the rows of a plain model of the rules, through any pages, days, repeats, replays and failures", async () => {
    const offered = fc.subarray(["a", "b", "c", "d"]);
    const known = fc.subarray(["e", "f", "a"]);
    const runs = fc.array(aRun, { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(
      offered,
      known,
      aFeed,
      runs,
      aRun,
      async (ids, known, feed, runs, last) => {
        await emptyTables(database());
        const changes = placed(feed);
        const offers = ids.map((id, index) => ({
          ...{ id: index, inner_id: id, change_type: "added", created_at: "2025-06-01T00:00:00.000Z" },
          data: { inner_id: id, mark: "Kia", price: index },
        }));
        const full = (id: string) =>
          known.includes(id) ? { mark: "Full", price: 77, url: `https://example.com/${id}` } : undefined;
        const model = createModel();
        let count = 0;
        let today = 0;
        /** First id read by an update; the model has all changes below `done`. */
        let begin: number | undefined;
        let done = 0;
        const finalRun = { ...last, more: changes.length, failsAfter: undefined, replayFrom: undefined };
        for (const run of [...runs, finalRun]) {
          count = Math.min(changes.length, count + run.more);
          const sent = changes.slice(0, count);
          today = Math.max(today, sent.at(-1)?.day ?? 0) + run.later;
          const now = () => new Date(FIRST_DAY + today * 86_400_000 + 3_600_000);
          const { pageSize, feedEnd, offerForm } = run;
          const source = { offers, changes: sent, offer: full };
          const sandbox = await startSandbox({ source, pageSize, feedEnd, offerForm, now });
          const client = createClient({
            ...{
              baseUrl: sandbox.baseUrl,
              apiKey: "key",
              offersIntervalMs: 0,
              changesIntervalMs: 0,
              offerIntervalMs: 0,
            },
            retry: { attempts: 1, intervalMs: 0 },
          });
          try {
            if (run.load) {
              await createLoader({ database: database(), client, now }).run({ restart: true });
              offers.forEach(model.load);
            }
            const before = await feedPosition(database());
            begin ??=
              before?.position ?? sent.find(({ day }) => day >= today)?.id ?? Number.POSITIVE_INFINITY;
            const earlier = changes[run.replayFrom ?? -1]?.id;
            if (earlier !== undefined && earlier >= begin && earlier < (before?.position ?? 0)) {
              await database().query("update sync_state set last_change_id = $1", [earlier]);
            }
            if (run.failsAfter !== undefined) {
              const fault = { kind: "status", status: 503 } as const;
              sandbox.addFault({ path: "/changes", after: run.failsAfter, fault });
            }
            const outcome = await createUpdater({ database: database(), client, now })
              .run()
              .catch((error: { code?: string }) => error.code);
            const after = await feedPosition(database());
            begin = Math.min(begin, after?.position ?? begin);
            const isOk = typeof outcome === "object";
            for (const { id, record } of sent) {
              if (id >= Math.max(begin, done) && (isOk || id < (after?.position ?? 0))) {
                model.change(record);
                done = id + 1;
              }
            }
            if (isOk) {
              expect(after?.day).toBe(dayOf(today));
              // Rejected records at the very end of the feed do not move the position.
              const stored = sent.filter(({ record }) => !model.rejected.has(JSON.stringify(record)));
              expect(after?.position).toBeGreaterThan(stored.at(-1)?.id ?? 0);
              model.complete(full);
            } else {
              expect(outcome).toBe("UPSTREAM_STATUS");
            }
          } finally {
            await client.close();
            await sandbox.close();
          }
          expect(comparable((await rawRows(database())).values())).toEqual(comparable(model.rows.values()));
          const rejectRecords = (await rejected(database())).map(({ record }) => record);
          expect(rejectRecords.sort()).toEqual([...model.rejected].sort());
        }
      },
    );
    await fc.assert(property, { numRuns: engine === "postgresql" ? 40 : 25 });
  });
});
