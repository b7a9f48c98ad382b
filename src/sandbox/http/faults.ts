/** A failure of the service, as data. Whatever says nothing about the answer leaves it as it would have been. */
export type Fault =
  /** Another status; the body says so as JSON, as an HTML page or not at all. `retryAfter` is sent as it stands. */
  | { kind: "status"; status: number; body?: "json" | "html" | "empty"; retryAfter?: string }
  /** An HTML page with status 200. */
  | { kind: "html200" }
  /** The first half of the JSON, as if that were all. */
  | { kind: "truncated" }
  /** Status 200 and nothing. */
  | { kind: "empty" }
  /** Valid JSON of another shape. */
  | { kind: "wrongShape" }
  /** The connection is reset before any answer. */
  | { kind: "reset" }
  /** The connection is reset after half of the body. */
  | { kind: "resetMidBody" }
  /** No answer, ever. */
  | { kind: "hang" }
  /** Status and headers, but no body, ever. */
  | { kind: "headersOnly" }
  /** The right answer, but slowly. */
  | { kind: "drip"; bytesPerSecond: number }
  /** A body of so many bytes, streamed; with its length announced if so wished. */
  | { kind: "huge"; bytes: number; contentLength?: boolean }
  /** A well-formed page with one listing whose data is nested so deep. */
  | { kind: "deep"; depth: number }
  /** Sends the client elsewhere, with status 302 when none is named. */
  | { kind: "redirect"; location: string; status?: number }
  /**
   * Another body, or the right one (without `body`), in another wrapping: compressed, with another content type, with a
   * charset named that it need not have, with a byte order mark.
   */
  | {
      kind: "body";
      body?: string;
      contentType?: string;
      encoding?: "gzip" | "br" | "deflate";
      charset?: string;
      bom?: boolean;
    }
  /** Other values in `meta`; undefined takes a field out. */
  | { kind: "meta"; meta: Record<string, unknown> }
  /** Waits before the answer. */
  | { kind: "delay"; ms: number }
  /** Closes the connection after the answer. */
  | { kind: "closeAfter" };

/** Which requests a fault strikes. */
export interface FaultRule {
  /** As in the contract: `/offers`, `/changes`, `/change_id`, `/filters`, `/offer`, `/api/v1/offer/info`. @default all */
  readonly path?: string;
  /** Parameters that must have these values, e.g. `{ page: 3 }`. */
  readonly query?: Readonly<Record<string, string | number>>;
  /** So many matching requests pass first. @default 0 */
  readonly after?: number;
  /** So many are then struck. @default Infinity */
  readonly times?: number;
  readonly fault: Fault;
}

/** Faults that change how the answer comes, so that another fault can strike as well. */
const MODIFIERS: ReadonlySet<Fault["kind"]> = new Set(["delay", "closeAfter", "meta"]);

/** Whether a rule is about a request. */
export function matches(rule: FaultRule, path: string, query: Readonly<Record<string, string>>): boolean {
  if (rule.path !== undefined && rule.path !== path) {
    return false;
  }
  return Object.entries(rule.query ?? {}).every(([key, value]) => query[key] === String(value));
}

/** The rules of one sandbox with their counts. */
export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /**
   * What strikes this request, and counts it. Rules are asked in the order in which they were added: `delay`,
   * `closeAfter` and `meta` add up, the first other one ends the search.
   */
  take(path: string, query: Readonly<Record<string, string>>): Fault[];
}

export function createFaults(rules: readonly FaultRule[] = []): Faults {
  let list = rules.map((rule) => ({ rule, seen: 0 }));
  return {
    add(rule) {
      list.push({ rule, seen: 0 });
    },
    clear() {
      list = [];
    },
    take(path, query) {
      const struck: Fault[] = [];
      for (const entry of list) {
        const { after = 0, times = Number.POSITIVE_INFINITY, fault } = entry.rule;
        if (!matches(entry.rule, path, query)) {
          continue;
        }
        entry.seen += 1;
        if (entry.seen <= after || entry.seen > after + times) {
          continue;
        }
        struck.push(fault);
        if (!MODIFIERS.has(fault.kind)) {
          break;
        }
      }
      return struck;
    },
  };
}
