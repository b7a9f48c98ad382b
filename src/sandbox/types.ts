import type { Logger } from "../logging/types.ts";
import type { FaultRule } from "./http/faults.ts";

/** What the sandbox serves, and how. */
export interface SandboxOptions {
  /** TCP port; 0 takes a free one. @default 0 */
  readonly port?: number | undefined;
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Listings on offer when the sandbox starts; at most 5,000,000. @default 740 */
  readonly offers?: number | undefined;
  /** Changes on each day of the feed; 15 % add, 70 % change, 15 % remove. @default 60 */
  readonly changesPerDay?: number | undefined;
  /** The same seed at the same `now` gives the same data. @default 1 */
  readonly seed?: number | undefined;
  /** Full days of the feed that lie before today. Today has `changesPerDay` changes too, all before `now`. @default 5 */
  readonly days?: number | undefined;
  /** Whose midnight begins a day of the feed (IANA name). @default "Europe/Moscow" */
  readonly timezone?: string | undefined;
  /** The clock. @default () => new Date() */
  readonly now?: (() => Date) | undefined;
  /** Let the feed go on with the clock, `changesPerDay` evenly over 24 hours. @default false */
  readonly live?: boolean | undefined;
  /** The only key that is accepted; without it any key is, but one must be there. */
  readonly apiKey?: string | undefined;
  /** Time before each answer, in milliseconds. @default 0 */
  readonly latencyMs?: number | undefined;
  /** Records a page. @default 20 */
  readonly pageSize?: number | undefined;
  /**
   * How the last page of the feed shows that it is the last: `next_change_id` is null, equals `cur_change_id`, or
   * points behind the last change, where an empty page is. @default "null"
   */
  readonly feedEnd?: "null" | "equal" | "empty" | undefined;
  /** How `/offer` answers: the data bare, as `{result}`, or as `{inner_id, data}`. @default "bare" */
  readonly offerForm?: "bare" | "result" | "record" | undefined;
  /** After how long an idle kept-alive connection is closed, in milliseconds. @default 5000 */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Failures from the start; see also `addFault`. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Told each request at debug level, never with the key. @default silent */
  readonly logger?: Logger | undefined;
  /** Replaces the generated data by what a test scripts. */
  readonly source?: SandboxSource | undefined;
}

/** A change that a test scripts. */
export interface SandboxChange {
  /** The id of the change, also when the record has none. */
  readonly id: number;
  /** The day (`YYYY-MM-DD`) that it belongs to. */
  readonly date: string;
  /** What the feed shows, exactly so. */
  readonly record: unknown;
}

/** A change to append; what is left out is filled in. */
export interface AppendedChange {
  /** @default the last change's id + 1 */
  readonly id?: number;
  /** @default the day of `now` */
  readonly date?: string;
  /** What the feed shows; an object without `id` gets it. Nothing else is added. */
  readonly record: unknown;
}

/** Scripted data. Records may have any shape, broken ones included. */
export interface SandboxSource {
  /**
   * Records of `/offers`, in this order. They are served as they are: `changes` are not applied to them (so that a copy
   * made from them has something to do), changes appended later are.
   */
  readonly offers: readonly unknown[];
  /** The feed, by ascending ids. */
  readonly changes: readonly SandboxChange[];
  /** What `/offer` answers; undefined is 404. @default looks into `offers` */
  offer?(innerId: string): unknown;
}

/** A request that came in. The key is not kept. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  /** Without `api_key`. */
  readonly query: Readonly<Record<string, string>>;
  /** 0 until an answer begins, and for ever when none does. */
  readonly status: number;
  readonly at: Date;
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What goes into `CHE168_BASE_URL`: the url with `/api/v2/che168`. */
  readonly baseUrl: string;
  /** The last 20,000 requests, oldest first. */
  readonly requests: readonly SandboxRequest[];
  /** Lets requests fail from now on. */
  addFault(rule: FaultRule): void;
  /** Ends all failures, those given at the start included. */
  clearFaults(): void;
  /**
   * Appends scripted changes to the feed; `/offers` and `/offer` follow.
   * @throws RangeError when an id does not lie behind the last one
   */
  appendChanges(changes: readonly AppendedChange[]): void;
  /**
   * Appends `count` generated changes that happen now.
   * @throws Error when the data is scripted
   */
  advance(count: number): void;
  /**
   * What a perfect copy holds that saw everything from the feed's first change on: every listing by inner_id, removed
   * ones with the data they had. Builds all of it in memory: for small catalogues.
   */
  current(): Map<string, { data: Record<string, unknown>; active: boolean }>;
  /** Closes at once, open connections included. May be called again. */
  close(): Promise<void>;
}
