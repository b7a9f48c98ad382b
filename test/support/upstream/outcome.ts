import { isChe168Error, UpstreamError } from "../../../src/errors.ts";

/** The input of a reader: the text of a response to a request for page 17. */
export const contextOf = (text: string) => ({
  text,
  body: Buffer.from(text),
  request: {
    what: "page 17 of the catalogue",
    method: "GET",
    path: "/offers",
    query: { page: "17" },
  } as const,
  redact: (same: string) => same.replaceAll("KEY", "[key]"),
});

/** Infinity as a service would write it. */
const written = (_key: string, value: unknown) => (value === Number.POSITIVE_INFINITY ? "1e400" : value);

/** The same for a value. */
export const context = (json: unknown) =>
  contextOf(JSON.stringify(json, written).replaceAll('"1e400"', "1e400"));

/** The result of a reader, or its error's code and message. */
export function outcome<T>(read: () => T): T | { code: string; message: string; retryable: boolean } {
  try {
    return read();
  } catch (error) {
    if (!isChe168Error(error)) {
      throw error;
    }
    const retryable = error instanceof UpstreamError && error.retryable;
    return { code: error.code, message: error.message, retryable };
  }
}

export const INVALID = { code: "UPSTREAM_INVALID_RESPONSE", retryable: true };
