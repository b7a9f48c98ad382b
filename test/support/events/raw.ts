import type { Database } from "../../../src/database/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import type { NormalizerOptions } from "../../../src/normalizer/types.ts";

const DATA = { mark: "BMW", model: "X5", price: "98000", year: "2022", images: "[]" };

/** Rows of `raw_data` as the updater would write them, and their normalisation. */
export function rawListings(database: () => Database) {
  return {
    add: (ids: readonly string[], data: object = {}, more: { completeness?: string } = {}) =>
      database().query(
        `insert into raw_data (inner_id, change_type, created_at, data, source, completeness)
         select id, 'added', now(), $2::jsonb, 'daily_update', $3 from jsonb_array_elements_text($1::jsonb) as id`,
        [JSON.stringify(ids), JSON.stringify({ ...DATA, ...data }), more.completeness ?? "complete"],
      ),
    /** `sql` sets columns besides `data`. */
    change: (innerId: string, data: object, sql = "change_type = 'changed'") =>
      database().query(
        `update raw_data set data = data || $1::jsonb, is_processed = false, last_updated_at = clock_timestamp(), ${sql}
          where inner_id = $2`,
        [JSON.stringify(data), innerId],
      ),
    remove: (innerId: string) =>
      database().query(
        `update raw_data set active_status = 1, change_type = 'removed', is_processed = false,
                last_updated_at = clock_timestamp() where inner_id = $1`,
        [innerId],
      ),
    bringBack: (innerId: string, data: object = {}) =>
      database().query(
        `update raw_data set active_status = 0, change_type = 'added', is_processed = false, data = data || $1::jsonb,
                last_updated_at = clock_timestamp() where inner_id = $2`,
        [JSON.stringify(data), innerId],
      ),
    normalize: (options: Partial<NormalizerOptions> & { all?: boolean } = {}) =>
      createNormalizer({ database: database(), ...options }).run({ all: options.all }),
    /** Every event, oldest first: listing, kind, prices. */
    events: async (): Promise<(readonly [string, string, number | null, number | null])[]> => {
      const { rows } = await database().query<{
        inner_id: string;
        kind: string;
        old_price: number | null;
        new_price: number | null;
      }>("select inner_id, kind, old_price, new_price from listing_events order by id");
      return rows.map((row) => [row.inner_id, row.kind, row.old_price, row.new_price]);
    },
  };
}
