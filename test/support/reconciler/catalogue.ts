import { expect } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { rawRows } from "../database/rows.ts";

/** Expects exactly the active listings of the service, each with its data. */
export async function expectCatalogue(database: Database, sandbox: Sandbox): Promise<void> {
  const rows = await rawRows(database);
  const active = [...rows.values()].filter(({ active_status }) => active_status === 0);
  const listed = [...sandbox.current()].filter(([, { active: isActive }]) => isActive);
  expect(active.map(({ inner_id }) => inner_id).sort()).toEqual(listed.map(([innerId]) => innerId).sort());
  for (const [innerId, { data }] of listed) {
    expect(rows.get(innerId)?.data).toEqual(data);
  }
}

/** The recorded gaps, oldest first. */
export async function gapsOf(
  database: Database,
): Promise<{ readonly from: number; readonly to: number; readonly repaired: boolean }[]> {
  const { rows } = await database.query<{ from: number; to: number; repaired: boolean }>(
    `select from_id::float8 as "from", to_id::float8 as "to", repaired_at is not null as repaired
       from feed_gaps order by id`,
  );
  return rows;
}
