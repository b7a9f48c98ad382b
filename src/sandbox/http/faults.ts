/** A fault of the service, as data. A fault of the transfer leaves the content unchanged. */
export type Fault =
  /** Another status, with a body of JSON (the default), HTML, plain text or nothing. `retryAfter` is sent unchanged. */
  | { kind: "status"; status: number; body?: "json" | "html" | "text" | "empty"; retryAfter?: string }
  /** An HTML page with status 200. */
  | { kind: "html200" }
  /** The first half of the JSON, with a matching content length. */
  | { kind: "truncated" }
  /** Status 200 with an empty body. */
  | { kind: "empty" }
  /** Valid JSON of another shape. */
  | { kind: "wrongShape" }
  /** The connection is reset before a response. */
  | { kind: "reset" }
  /** The connection is reset after half of the body. */
  | { kind: "resetMidBody" }
  /** No response. */
  | { kind: "hang" }
  /** Status and headers without a body; the response never ends. */
  | { kind: "headersOnly" }
  /** The correct response, slowly. */
  | { kind: "drip"; bytesPerSecond: number }
  /** A streamed body of `bytes` bytes, with or without a content length. */
  | { kind: "huge"; bytes: number; contentLength?: boolean }
  /** A valid page with one listing whose data has `depth` levels. */
  | { kind: "deep"; depth: number }
  /** A redirect, with status 302 unless another one is given. */
  | { kind: "redirect"; location: string; status?: number }
  /**
   * Another body, or without `body` the correct one: compressed, with another content type or charset, or with a byte order
   * mark.
   */
  | {
      kind: "body";
      body?: string;
      contentType?: string;
      encoding?: "gzip" | "br" | "deflate";
      charset?: string;
      bom?: boolean;
    }
  /** Replaces values in `meta`; undefined removes a member. */
  | { kind: "meta"; meta: Record<string, unknown> }
  /** Delays the response. */
  | { kind: "delay"; ms: number }
  /** Closes the connection after the response. */
  | { kind: "closeAfter" };

/** A fault and the requests it applies to. */
export interface FaultRule {
  /** `/offers`, `/changes`, `/change_id`, `/filters`, `/offer`, `/api/v1/offer/info`. @default all */
  readonly path?: string;
  /** Parameters that must have these values, e.g. `{ page: 3 }`. */
  readonly query?: Readonly<Record<string, string | number>>;
  /** Number of matching requests before the fault applies. @default 0 */
  readonly after?: number;
  /** Number of requests it then applies to. @default Infinity */
  readonly times?: number;
  readonly fault: Fault;
}

const MODIFIERS: ReadonlySet<Fault["kind"]> = new Set(["delay", "closeAfter", "meta"]);

/** Whether a fault can be combined with another one. */
export const isModifier = ({ kind }: Fault): boolean => MODIFIERS.has(kind);

/** Whether a rule matches a request. */
export function matches(rule: FaultRule, path: string, query: Readonly<Record<string, string>>): boolean {
  if (rule.path !== undefined && rule.path !== path) {
    return false;
  }
  return Object.entries(rule.query ?? {}).every(([key, value]) => query[key] === String(value));
}

/** The rules of one sandbox and their counters. */
export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  /**
   * Returns the faults of a request and counts it. Rules are checked in the order in which they were added: `delay`,
   * `closeAfter` and `meta` accumulate; the first other fault ends the search.
   */
  take(path: string, query: Readonly<Record<string, string>>): Fault[];
}

/** Creates the rules of one sandbox. */
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
      const taken: Fault[] = [];
      for (const entry of list) {
        const { after = 0, times = Number.POSITIVE_INFINITY, fault } = entry.rule;
        if (!matches(entry.rule, path, query)) {
          continue;
        }
        entry.seen += 1;
        if (entry.seen <= after || entry.seen > after + times) {
          continue;
        }
        taken.push(fault);
        if (!isModifier(fault)) {
          break;
        }
      }
      return taken;
    },
  };
}
