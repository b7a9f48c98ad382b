import { defineEntity, p } from "@mikro-orm/core";

const schema = defineEntity({
  name: "Notification",
  tableName: "notifications",
  properties: {
    id: p.integer().primary().autoincrement(),
    /** Hash of the target's address: addresses contain secrets. */
    target: p.string().length(64),
    /** A reason of `status --check`. */
    reason: p.string().length(32),
    /** The day of the message, in `timezone`. */
    day: p.date(),
    /** Whether the message says that the reason no longer applies. */
    isResolved: p.boolean().default(false),
    /** When a process started to send it; another one takes over after a while. */
    claimedAt: p.datetime().columnType("timestamptz").defaultRaw("now()"),
    /** Null until the target has accepted it. */
    sentAt: p.datetime().columnType("timestamptz").nullable(),
  },
  uniques: [{ name: "notifications_once_a_day", properties: ["target", "reason", "day", "isResolved"] }],
});

/** One message about a reason to one target. */
export class Notification extends schema.class {}
schema.setClass(Notification);
