import { defineEntity, p } from "@mikro-orm/core";

const instant = () => p.datetime().columnType("timestamptz").nullable();

const schema = defineEntity({
  name: "WebhookDelivery",
  tableName: "webhook_endpoints",
  properties: {
    id: p.integer().primary().autoincrement(),
    /** Identifies the endpoint. Its credentials are masked. */
    url: p.text().unique("webhook_endpoints_url_unique"),
    /** Id of the last event that is delivered, filtered out or skipped. */
    position: p.bigint("string"),
    /** Failed attempts since the last success. */
    failures: p.integer().default(0),
    failingSince: instant(),
    nextAttemptAt: instant(),
    /** Set after three days of failures; nothing is sent until the endpoint is enabled again. */
    disabledAt: instant(),
    lastError: p.text().nullable(),
    deliveredAt: instant(),
  },
});

/** Delivery state of a configured webhook. */
export class WebhookDelivery extends schema.class {}
schema.setClass(WebhookDelivery);
