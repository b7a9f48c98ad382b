import { type ErrorDetails, UpstreamError } from "../errors.ts";
import {
  collectBody,
  createRedactor,
  createTransport,
  describeBody,
  describeNetworkFailure,
  oneLine,
  type ProxyEnv,
  type RequestInfo,
  requestFailure,
  type TransportResponse,
} from "../upstream/internal.ts";
import { linkSignals } from "../util/abort.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import type { ExportAccount } from "./types.ts";

const MAX_ERROR_BYTES = 65_536;
const REFUSED = "check CHE168_EXPORT_USER and CHE168_EXPORT_PASSWORD";

/** Requests of daily files. */
export interface ExportRequester {
  /**
   * Sends one GET below the account's address; it does not retry.
   *
   * @param accepted statuses besides 200 and 206 that are returned
   * @throws UpstreamError for every other status and for network failures
   */
  get(
    request: RequestInfo,
    headers: Readonly<Record<string, string>>,
    accepted: readonly number[],
    signal?: AbortSignal,
  ): Promise<TransportResponse>;
  /** Yields a body; fails when no byte arrives for `timeoutMs` while it is being read. */
  chunks(request: RequestInfo, response: TransportResponse, signal?: AbortSignal): AsyncGenerator<Buffer>;
  close(): void;
}

/** Creates a requester. The password is in no error. */
export function createExportRequester({
  account,
  timeoutMs,
  proxyEnv,
}: {
  readonly account: ExportAccount;
  readonly timeoutMs: number;
  readonly proxyEnv?: ProxyEnv | undefined;
}): ExportRequester {
  const { url, user = "", password = "" } = account;
  const base = url.replace(/\/+$/, "");
  const credentials = Buffer.from(`${user}:${password}`).toString("base64");
  const authorization = user === "" && password === "" ? {} : { authorization: `Basic ${credentials}` };
  const redactors = [password, credentials].filter((secret) => secret !== "").map(createRedactor);
  const redact = (text: string) => redactors.reduce((redacted, one) => one(redacted), text);
  const transport = createTransport(proxyEnv);

  const networkFailure = (request: RequestInfo, error: unknown, details: ErrorDetails = {}) => {
    const { reason, facts } = describeNetworkFailure(error, {
      url: base,
      settings: "CHE168_EXPORT_URL",
      proxy: transport.proxyNote(new URL(base).protocol),
      redact,
    });
    return requestFailure(request, "UPSTREAM_NETWORK", reason, { ...facts, details });
  };
  const timeout = (request: RequestInfo) =>
    requestFailure(request, "UPSTREAM_TIMEOUT", `no data for ${timeoutMs} ms`, { retryable: true });

  async function statusFailure(request: RequestInfo, response: TransportResponse): Promise<UpstreamError> {
    const { status, headers } = response;
    const body = await collectBody(response.body, MAX_ERROR_BYTES).then(
      (bytes) => describeBody(bytes.toString(), redact),
      () => "an unreadable body",
    );
    const reason = `the server of the daily files returned ${status} with ${body}`;
    if ([401, 402, 403].includes(status)) {
      return requestFailure(request, "UPSTREAM_UNAUTHORIZED", `${reason}; ${REFUSED}`, {
        retryable: false,
        status,
      });
    }
    const location = headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      const target = URL.parse(location, response.url)?.origin ?? "another address";
      const hint = `it redirects to ${oneLine(redact(target))}; the password is not sent elsewhere: set CHE168_EXPORT_URL to the final address`;
      return requestFailure(request, "UPSTREAM_REDIRECT", `${reason}: ${hint}`, { retryable: false, status });
    }
    return requestFailure(request, status === 429 ? "UPSTREAM_RATE_LIMITED" : "UPSTREAM_STATUS", reason, {
      retryable: status >= 500 || status === 408 || status === 429,
      status,
      retryAfterMs: parseRetryAfter(headers.get("retry-after"), headers.get("date")),
    });
  }

  /** Runs `work` with a signal that aborts after `timeoutMs`. */
  async function timed<T>(
    request: RequestInfo,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const deadline = linkSignals(signal);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      deadline.abort(new Error("timeout"));
    }, timeoutMs);
    try {
      return await work(deadline.signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw isLate
        ? timeout(request)
        : error instanceof UpstreamError
          ? error
          : networkFailure(request, error);
    } finally {
      clearTimeout(timer);
      deadline.unlink();
    }
  }

  return {
    get: (request, headers, accepted, signal) =>
      timed(request, signal, async (deadline) => {
        const response = (await transport.fetch(base + request.path, {
          // A compressed response has no byte ranges of the file.
          headers: {
            ...headers,
            ...authorization,
            "accept-encoding": "identity",
            "user-agent": "che168-sync",
          },
          signal: deadline,
        })) as unknown as TransportResponse;
        if (![200, 206, ...accepted].includes(response.status)) {
          throw await statusFailure(request, response);
        }
        return response;
      }),

    async *chunks(request, { body }, signal) {
      const iterator = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const { done, value } = await timed(request, signal, async (deadline) => {
            const stop = () => body.destroy(new Error("stopped"));
            deadline.addEventListener("abort", stop, { once: true });
            return iterator.next().finally(() => deadline.removeEventListener("abort", stop));
          });
          if (done) {
            return;
          }
          yield value;
        }
      } finally {
        body.destroy();
      }
    },

    close: transport.close,
  };
}
