import type { Database } from "../../database/index.ts";
import { RULES_VERSION } from "../../listing/fields.ts";
import { dayOf } from "../../util/days.ts";
import { getStatus as readReport, type StatusReport } from "./facts.ts";

/** What a report of the copy is made of. */
export interface StatusOptions {
  readonly database: Database;
  /** Whose midnight ends a day of the feed. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /**
   * The id behind the feed's last change, for `changesBehind`: what the client's `changeId` gives for tomorrow. @default
   * not known
   */
  readonly feedEnd?: number | null | undefined;
  /** How many of the last runs are told. @default 10 */
  readonly operations?: number | undefined;
  /** The clock. */
  readonly now?: (() => Date) | undefined;
}

/** How the copy stands, and what needs attention. */
export function getStatus(options: StatusOptions): Promise<StatusReport> {
  const { database, timezone = "Europe/Moscow", feedEnd = null, operations = 10, now } = options;
  const today = dayOf(now?.() ?? new Date(), timezone);
  return readReport({ database, today, rulesVersion: RULES_VERSION, feedEnd, operations });
}
