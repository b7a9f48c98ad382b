import type { Queryable } from "../../database/index.ts";
import { Problem } from "../http/problem.ts";
import type { DataVersion } from "./data-version.ts";

/** How the data stands at one server, and the way to it. */
export interface View extends DataVersion {
  /**
   * Reads data that is at least as new as this view's version.
   *
   * @throws Elsewhere when the server cannot give it
   * @throws Problem 503 when no other can be asked
   */
  read<T>(work: (db: Queryable) => Promise<T>): Promise<T>;
}

/** Says that a request must be answered anew: by another server, or by the same one under another version. */
export class Elsewhere extends Problem {
  readonly source: object;
  readonly again: boolean;

  /** @param again whether the same server may be asked again */
  constructor(source: object, again: boolean, cause?: unknown) {
    super(503, "unavailable", "The database does not answer; try again shortly.", {
      headers: [["retry-after", "5"]],
      cause,
    });
    this.name = "Elsewhere";
    this.source = source;
    this.again = again;
  }
}

/** A server whose version goes to and fro is left after so many times. */
const MAX_AGAIN = 3;
/** More than there are servers. */
const MAX_TIMES = 20;

/** Makes an answer, as often as it must be made anew. `tried` gathers the servers that could not give it. */
export async function withFailover<T>(
  request: { tried?: Set<object> | undefined },
  make: () => T | Promise<T>,
): Promise<T> {
  for (let times = 1; ; times += 1) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof Elsewhere) || times === MAX_TIMES) {
        throw error;
      }
      if (!error.again || times >= MAX_AGAIN) {
        request.tried ??= new Set();
        request.tried.add(error.source);
      }
    }
  }
}
