/** Delivery of events to webhooks. */
export type { WebhookEndpoint } from "./endpoints.ts";
export type { WebhookStatus, Webhooks, WebhooksOptions } from "./types.ts";
export { createWebhooks } from "./webhooks.ts";
