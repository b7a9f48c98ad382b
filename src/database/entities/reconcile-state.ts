import { defineEntity, p } from "@mikro-orm/core";

/**
 * What a reconcile does next: read the snapshot, confirm unseen listings one by one, or read everything again, end
 * listings. `refused`: too many would be ended, which only `force` does; `done`: nothing.
 */
export type ReconcilePhase = "read" | "confirm" | "reread" | "end" | "refused" | "done";

const schema = defineEntity({
  name: "ReconcileState",
  tableName: "reconcile_state",
  properties: {
    /** Always 1: the table has one row. */
    id: p.integer().primary().autoincrement(false),
    /** Identity of the source; another one starts anew. */
    source: p.text(),
    phase: p.string().length(16).$type<ReconcilePhase>(),
    /** Feed position of the snapshot: rows with a change at or after it are left alone. */
    position: p.bigint("string").nullable(),
    /** Gaps that end below this id are repaired: the position, or beyond it what `/change_id` of tomorrow reported. */
    gapsBelow: p.bigint("string").nullable(),
    /** Where the source continues. */
    checkpoint: p.json<Record<string, unknown>>().nullable(),
    /** Batches stored so far, compared before the next one is stored. */
    batches: p.integer().default(0),
    /** Active listings at the start. */
    activeBefore: p.integer().default(0),
    counts: p.json<Record<string, number>>().defaultRaw("'{}'"),
    startedAt: p.datetime().columnType("timestamptz"),
    finishedAt: p.datetime().columnType("timestamptz").nullable(),
    /** Largest position of a completed reconcile: missing changes below it are made up for. */
    coveredTo: p.bigint("string").nullable(),
    /** Start of the run that last repaired a gap over the API on its own, failed ones included. */
    repairStartedAt: p.datetime().columnType("timestamptz").nullable(),
  },
  checks: [{ name: "reconcile_state_one_row", expression: "id = 1" }],
});

/** The checkpoint of `reconcile`. */
export class ReconcileState extends schema.class {}
schema.setClass(ReconcileState);
