import type { Database } from "../database/index.ts";
import type { Logger } from "../logging/types.ts";
import type { WebhookEndpoint } from "./endpoints.ts";

/** Dependencies and options of `createWebhooks`. */
export interface WebhooksOptions {
  readonly database: Database;
  readonly endpoints: readonly WebhookEndpoint[];
  /** Names this process in messages of others. @default "che168-sync webhooks" */
  readonly applicationName?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Interval between two checks for new events, in milliseconds. @default 1000 */
  readonly pollMs?: number | undefined;
}

/** Delivery to an endpoint. */
export interface WebhookStatus {
  /** Without credentials. */
  readonly url: string;
  /** `new`: nothing has been sent yet; `disabled`: failed for three days, see `retry`. */
  readonly state: "new" | "ok" | "failing" | "disabled";
  /** Id of the last event that is delivered, filtered out or skipped; null for a new endpoint. */
  readonly position: number | null;
  /** Ids after the position: at most as many events are waiting. */
  readonly lag: number;
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Times: ISO 8601. */
  readonly failingSince: string | null;
  readonly disabledAt: string | null;
  readonly deliveredAt: string | null;
  readonly lastError: string | null;
}

/** Delivers events to endpoints: in order, at least once, one request at a time per endpoint. */
export interface Webhooks {
  /**
   * Delivers until the signal aborts. One process sends at a time; another one waits and takes over when it ends. Failures of
   * endpoints and of the database are logged and retried.
   */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * Delivers the waiting events, and returns when they are delivered, the time is over, the signal aborts, or another process is
   * sending. Failures of endpoints and of the database are logged.
   */
  deliver(options: { readonly maxMs: number; readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** The state of each endpoint, in the order of the options. */
  status(): Promise<WebhookStatus[]>;
  /**
   * Enables an endpoint; its next attempt is due immediately.
   *
   * @param url with or without its credentials
   * @returns false when it is not among the endpoints
   */
  retry(url: string): Promise<boolean>;
}
