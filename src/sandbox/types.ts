import type { Logger } from "../logging/types.ts";
import type { FaultRule } from "./http/faults.ts";

/** Data and behaviour of the sandbox. */
export interface SandboxOptions {
  /** TCP port; 0 for any free port. @default 0 */
  readonly port?: number | undefined;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Number of active listings at the start, at most 5,000,000. @default 740 */
  readonly offers?: number | undefined;
  /** Changes per day of the feed: 15 % added, 70 % changed, 15 % removed. @default 60 */
  readonly changesPerDay?: number | undefined;
  /** Number of changes on single days (`YYYY-MM-DD`), instead of `changesPerDay`. @default {} */
  readonly bursts?: Readonly<Record<string, number>> | undefined;
  /**
   * Fields of a `changed`: `price` is `new_price` only, as the service sends it; `all` adds mileage, text and pictures.
   * @default "price"
   */
  readonly changedFields?: "price" | "all" | undefined;
  /**
   * Defects of the service's data, in one listing out of 16: `year` 0, "0" or empty, `model` empty, cut or the name of another
   * mark, a cut `vin`, an empty `complectation`. @default false
   */
  readonly defects?: boolean | undefined;
  /** The same seed at the same `now` yields the same data. @default 1 */
  readonly seed?: number | undefined;
  /** Full days of the feed before today. Today has all its changes too, all of them before `now`. @default 5 */
  readonly days?: number | undefined;
  /**
   * Days for which a change stays available; it is dropped while the sandbox runs, and an older position returns changes
   * from the oldest one left. 0: no limit.
   * @default 7, and 0 for a scripted source
   */
  readonly retentionDays?: number | undefined;
  /** IANA time zone of the feed's days. @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. @default () => new Date() */
  readonly now?: (() => Date) | undefined;
  /** The feed continues with the clock: `changesPerDay`, evenly over 24 hours. @default false */
  readonly live?: boolean | undefined;
  /**
   * The only accepted key, in the header `x-api-key` or the query parameter `api_key`. Without it any key is accepted,
   * but one is required.
   */
  readonly apiKey?: string | undefined;
  /** Delay of each response, in milliseconds. @default 0 */
  readonly latencyMs?: number | undefined;
  /** Records on a page. @default 20 */
  readonly pageSize?: number | undefined;
  /**
   * Calls of `/offer` within a time before it responds 429 with `Retry-After`; false: no limit.
   * @default 270 within 300,000 ms
   */
  readonly offerLimit?: { readonly calls: number; readonly windowMs: number } | false | undefined;
  /**
   * How the last page of the feed marks the end: `next_change_id` is null, equals `cur_change_id`, or is the id after
   * the last change, where the page is empty. @default "null"
   */
  readonly feedEnd?: "null" | "equal" | "empty" | undefined;
  /** Form of `/offer`: bare data, `{result}`, `{inner_id, data}` or `{result: [record], meta}`. @default "bare" */
  readonly offerForm?: "bare" | "result" | "record" | "list" | undefined;
  /** The daily files at `exportUrl`. */
  readonly export?:
    | {
        /** @default "sandbox" */
        readonly user?: string | undefined;
        /** @default "sandbox" */
        readonly password?: string | undefined;
        /** Byte order mark at the start. @default true */
        readonly bom?: boolean | undefined;
        /** Columns that are left out. @default [] */
        readonly withoutColumns?: readonly string[] | undefined;
      }
    | undefined;
  /** Idle time after which a kept-alive connection is closed, in milliseconds. @default 5000 */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Faults from the start; see also `addFault`. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Receives each request at debug level, without the key. @default silent */
  readonly logger?: Logger | undefined;
  /** Replaces the generated data with a test's own. */
  readonly source?: SandboxSource | undefined;
}

/** A scripted change. */
export interface SandboxChange {
  /** Id of the change, also when the record has none. */
  readonly id: number;
  /** Its day (`YYYY-MM-DD`). */
  readonly date: string;
  /** The record in the feed, unchanged. */
  readonly record: unknown;
}

/** A change to append; missing members are filled in. */
export interface AppendedChange {
  /** @default the last change's id + 1 */
  readonly id?: number;
  /** @default the day of `now` */
  readonly date?: string;
  /** The record in the feed; an object without `id` gets it. Nothing else is added. */
  readonly record: unknown;
}

/** Scripted data. Records may have any shape, invalid ones included. */
export interface SandboxSource {
  /**
   * Records of `/offers`, in this order and unchanged: `changes` are not applied to them (so that a copy made from them
   * has changes to apply), changes appended later are.
   */
  readonly offers: readonly unknown[];
  /** The feed, by ascending ids. */
  readonly changes: readonly SandboxChange[];
  /** The response of `/offer`; undefined is 404. @default looks into `offers` */
  offer?(innerId: string): unknown;
}

/** A received request. The key is not kept. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  /** Without `api_key`. */
  readonly query: Readonly<Record<string, string>>;
  /** 0 until a response starts. */
  readonly status: number;
  readonly at: Date;
}

/** A running sandbox. */
export interface Sandbox {
  /**
   * `http://127.0.0.1:<port>`. In place of the origin of a picture's address (`https://2sc2.autoimg.cn/escimg/…`) it
   * serves that picture: JPEG, PNG or WebP, in the size that the file name starts with; no key is needed.
   */
  readonly url: string;
  /** Value of `CHE168_BASE_URL`: the url with `/api/v2/che168`. */
  readonly baseUrl: string;
  /** Value of `CHE168_EXPORT_URL`: `{exportUrl}/{YYYY-MM-DD}/all_active.csv`, `new_daily.csv` and `removed_daily.csv`. */
  readonly exportUrl: string;
  /** Value of `customs.ratesUrl`: daily rates as the Central Bank of Russia publishes them. */
  readonly ratesUrl: string;
  /** The last 20,000 requests, oldest first. */
  readonly requests: readonly SandboxRequest[];
  /** Adds a fault. */
  addFault(rule: FaultRule): void;
  /** Removes all faults, initial ones included. */
  clearFaults(): void;
  /**
   * Appends scripted changes to the feed; `/offers` and `/offer` follow.
   * @throws RangeError unless each id is greater than the last one
   */
  appendChanges(changes: readonly AppendedChange[]): void;
  /**
   * Appends `count` generated changes that happen now.
   * @throws Error when the data is scripted
   */
  advance(count: number): void;
  /**
   * Removes a listing from `/offers` and `/offer` before the feed reports it.
   * @returns publishes the `removed`
   */
  withdraw(innerId: string): () => void;
  /** Stops new changes in the feed until `resumeFeed`, while the catalogue still changes. */
  stopFeed(): void;
  /** Resumes new changes in the feed. */
  resumeFeed(): void;
  /** Drops the feed; its next change gets the id `firstId`. @default 1 */
  restartFeed(firstId?: number): void;
  /** Replaces the daily files, half-way through a download as well: another `ETag` and another order of rows. */
  replaceExport(): void;
  /**
   * Expected content of a complete copy after every change of the feed: listings by inner_id, removed ones with their last
   * data. Builds all of it in memory: for small catalogues.
   */
  current(): Map<string, { data: Record<string, unknown>; active: boolean }>;
  /** Closes the server and open connections. Idempotent. */
  close(): Promise<void>;
}
