import { expect } from "vitest";
import { runDaily } from "../../../src/daily/run-daily.ts";
import type { Database } from "../../../src/database/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { createModel, type SentRecord } from "../database/model.ts";
import { change, clientOf, serve } from "../sandbox/service.ts";

export const NOW = () => new Date("2025-06-15T12:00:00Z");

export const LISTINGS = 12;

/** A feed that sets every listing's price to the number of the round, and the daily job that imports it. */
export async function rounds() {
  const sandbox = await serve({}, { now: NOW });
  const client = clientOf(sandbox);
  const model = createModel();
  let id = 100;
  let round = 0;
  return {
    model,
    /** Runs a round and returns the version of the data after it. */
    next: async (database: Database): Promise<string> => {
      round += 1;
      const changes = Array.from({ length: LISTINGS }, (_, index) => {
        id += 1;
        return round === 1
          ? change(id, "added", `l${index}`, { mark: "Kia", model: "K2", price: 1_001 })
          : change(id, "changed", `l${index}`, { new_price: 1_000 + round });
      });
      sandbox.appendChanges(changes);
      for (const { record } of changes) {
        model.change(record as SentRecord);
      }
      await database.query(
        "insert into sync_state (id, last_change_id, last_successful_date) values (1, 101, '2025-06-14') on conflict do nothing",
      );
      const result = await runDaily({
        database,
        updater: createUpdater({ database, client, now: NOW }),
        normalizer: createNormalizer({ database, now: NOW }),
      });
      expect(result.status).toBe("OK");
      const { rows } = await database.query<{ version: string }>("select version::text from data_version");
      return rows[0]?.version ?? "";
    },
  };
}

export const tagOf = (reply: { headers: Headers }) => reply.headers.get("etag") ?? "";

export const versionOf = (reply: { headers: Headers }) => tagOf(reply).slice(1).split("-")[0] ?? "";
