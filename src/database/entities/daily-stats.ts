import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "DailyStats",
  tableName: "daily_stats",
  properties: {
    /** The feed day, in `timezone`. */
    day: p.date().primary(),
    /** Changes of the feed on this day, by kind. */
    added: p.integer().default(0),
    changed: p.integer().default(0),
    removed: p.integer().default(0),
    /** Active listings that comparisons with the catalogue ended on this day, beyond those that they added. */
    lost: p.integer().default(0),
    /** Active listings, as counted by the first run after the day's end; until then by the last run. */
    active: p.integer().nullable(),
    activeAt: p.datetime().columnType("timestamptz").nullable(),
    /** Share of the active listings that have a value, from 0 to 1, by field; measured like `active`. */
    filled: p.json<Record<string, number>>().nullable(),
    filledAt: p.datetime().columnType("timestamptz").nullable(),
  },
});

/** Statistics of one feed day. */
export class DailyStats extends schema.class {}
schema.setClass(DailyStats);
