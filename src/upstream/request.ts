import { createFetch } from "ofetch";
import { UpstreamError } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import { linkSignals, MAX_TIMER_MS } from "../util/abort.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import { BodyTooLarge, collectBody, decompress, describeBody, ENCODINGS, toUtf8 } from "./body.ts";
import type { ClientSettings } from "./client-options.ts";
import { describeNetworkFailure } from "./network-failure.ts";
import {
  createRedactor,
  describeFailure,
  oneLine,
  type RequestInfo,
  requestFailure,
} from "./request-errors.ts";
import { createTransport, type TransportResponse } from "./transport.ts";

/** Sends single requests. */
export interface RequestSender {
  /**
   * Sends one HTTP request, reads the response to its end and decompresses it. It does not retry.
   * @returns the body in UTF-8
   * @throws UpstreamError for everything but a complete 2xx response within the time and size limits
   * @throws `signal.reason` when the signal aborts
   */
  send(request: RequestInfo, signal?: AbortSignal): Promise<Buffer>;
  /** Removes the key from foreign text. */
  redact(text: string): string;
  close(): void;
}

const MAX_REDIRECTS = 3;
/** Bytes of an error response that are read to describe it. */
const MAX_ERROR_BYTES = 256 * 1024;
/** A refused key is reported after this time, even when the response never ends. */
const REFUSAL_TIMEOUT_MS = 1_000;

/** Statuses that refuse the account, with the reason. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: "the key in CHE168_API_KEY is not accepted; check it for typing errors, and with the service whether it has expired",
  402: "the plan of the account has ended or is not paid; renew it with the service",
  403: "the key in CHE168_API_KEY has no access to this; check CHE168_ACCESS_NAME, and the plan with the service",
};

type KeyPlace = "header" | "query";

/**
 * Creates a requester over ofetch, which builds URL, query, headers and JSON body. Its retry is off (our waits are
 * longer and abortable) and so is its timeout (it does not cover the body); its hooks throw an `UpstreamError` for
 * every failure, because the message of its own error holds the URL and with it the key.
 */
export function createRequestSender(settings: ClientSettings & { readonly logger: Logger }): RequestSender {
  const { baseUrl, apiKey, timeoutMs, maxResponseBytes, logger } = settings;
  const redact = createRedactor(apiKey);
  const transport = createTransport(settings.proxyEnv);
  /** Where the service accepts the key; with `auto` undefined until known. */
  let keyPlace: KeyPlace | undefined = settings.keyIn === "auto" ? undefined : settings.keyIn;

  const $fetch = createFetch({
    fetch: transport.fetch,
    defaults: {
      baseURL: baseUrl,
      headers: { accept: "application/json", "accept-encoding": ENCODINGS, "user-agent": "che168-sync" },
      responseType: "stream",
      retry: false,
    },
  });

  async function send(request: RequestInfo, signal?: AbortSignal): Promise<Buffer> {
    signal?.throwIfAborted();
    const deadline = linkSignals(signal);
    let isLate = false;
    const timer = setTimeout(
      () => {
        isLate = true;
        deadline.abort(new Error("timeout"));
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    try {
      return await readResponse(request, await sendWithKey(request, deadline.signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (isLate && !(error instanceof UpstreamError && error.status !== undefined)) {
        const reason = `no complete response within ${timeoutMs} ms`;
        throw requestFailure(request, "UPSTREAM_TIMEOUT", reason, { retryable: true });
      }
      throw error instanceof UpstreamError ? error : networkFailure(request, error);
    } finally {
      clearTimeout(timer);
      deadline.unlink();
    }
  }

  /** With `keyIn: "auto"` the header is tried first; after a 401 the query, once. The one that works is kept. */
  async function sendWithKey(request: RequestInfo, signal: AbortSignal): Promise<TransportResponse> {
    // `/api/v1` documents the header only.
    if (keyPlace !== undefined || request.atRoot) {
      return follow(request, request.atRoot ? "header" : (keyPlace ?? "header"), signal);
    }
    try {
      const response = await follow(request, "header", signal);
      keyPlace = "header";
      return response;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.status !== 401) {
        throw error;
      }
    }
    const response = await follow(request, "query", signal);
    keyPlace = "query";
    return response;
  }

  /** Sends a request and follows redirects within the host. Another host would receive the key (SECURITY.md). */
  async function follow(
    request: RequestInfo,
    keyIn: KeyPlace,
    signal: AbortSignal,
  ): Promise<TransportResponse> {
    const { method, body } = request;
    const isInHeader = keyIn === "header";
    const options = {
      method,
      body,
      signal,
      headers: isInHeader ? { "x-api-key": apiKey } : undefined,
      baseURL: request.atRoot ? new URL(baseUrl).origin : baseUrl,
      onRequestError: ({ error }: { error: Error }) => {
        throw networkFailure(request, error);
      },
      onResponseError: async ({ response }: { response: unknown }) => {
        throw await statusFailure(request, response as TransportResponse);
      },
    };
    let address = request.path;
    let query = isInHeader ? request.query : { ...request.query, api_key: apiKey };
    for (let redirects = 0; ; redirects += 1) {
      const response = (await $fetch.raw(address, { ...options, query })) as unknown as TransportResponse;
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return response;
      }
      response.body.destroy();
      address = redirectTarget(request, response, location, redirects);
      query = undefined;
    }
  }

  /** @throws UpstreamError `UPSTREAM_REDIRECT` unless the redirect stays on the host and keeps the request */
  function redirectTarget(
    request: RequestInfo,
    { status, url }: TransportResponse,
    location: string,
    redirects: number,
  ): string {
    const refuse = (reason: string) => {
      const facts = { retryable: false, status };
      return requestFailure(
        request,
        "UPSTREAM_REDIRECT",
        `the service redirects (${status}) ${reason}`,
        facts,
      );
    };
    const next = URL.parse(location, url);
    if (next?.origin !== new URL(url).origin) {
      const where = next === null ? "an unreadable address" : oneLine(redact(next.origin));
      throw refuse(`to ${where}; the key is not sent to another host`);
    }
    if (redirects === MAX_REDIRECTS) {
      throw refuse(`more than ${MAX_REDIRECTS} times`);
    }
    if (request.method === "POST" && status !== 307 && status !== 308) {
      throw refuse("a POST, which would lose its body");
    }
    return next.href;
  }

  async function readResponse(request: RequestInfo, response: TransportResponse): Promise<Buffer> {
    const { status } = response;
    if (status < 200 || status > 299) {
      throw await statusFailure(request, response);
    }
    const tooLarge = (size: string) =>
      requestFailure(
        request,
        "UPSTREAM_TOO_LARGE",
        `the response has ${size}; the limit is ${maxResponseBytes} (upstream.maxResponseBytes)`,
        { retryable: false, status },
      );
    const announced = Number(response.headers.get("content-length"));
    if (announced > maxResponseBytes) {
      response.body.destroy();
      throw tooLarge(`${announced} bytes`);
    }
    try {
      const { bytes, repaired } = toUtf8(await readDecoded(response, maxResponseBytes));
      if (repaired) {
        const reason = "the response is not valid UTF-8; invalid bytes became U+FFFD";
        logger.warn(describeFailure(request, reason));
      }
      return bytes;
    } catch (error) {
      throw error instanceof BodyTooLarge ? tooLarge(error.message) : error;
    }
  }

  async function statusFailure(request: RequestInfo, response: TransportResponse): Promise<UpstreamError> {
    const { status, headers } = response;
    const remedy = REFUSALS[status];
    const timer = remedy && setTimeout(() => response.body.destroy(), REFUSAL_TIMEOUT_MS);
    const body = await readDecoded(response, MAX_ERROR_BYTES).then(
      (bytes) => describeBody(toUtf8(bytes).bytes.toString(), redact),
      () => "an unreadable body",
    );
    clearTimeout(timer);
    const reason = `the service returned ${oneLine(redact(`${status} ${response.statusText}`))} with ${body}`;
    if (remedy !== undefined) {
      const facts = { retryable: false, status };
      return requestFailure(request, "UPSTREAM_UNAUTHORIZED", `${reason}: ${remedy}`, facts);
    }
    return requestFailure(request, status === 429 ? "UPSTREAM_RATE_LIMITED" : "UPSTREAM_STATUS", reason, {
      retryable: status >= 500 || status === 408 || status === 425 || status === 429,
      status,
      retryAfterMs: parseRetryAfter(headers.get("retry-after"), headers.get("date")),
    });
  }

  function networkFailure(request: RequestInfo, error: unknown): UpstreamError {
    const { what, code, reason, facts } = describeNetworkFailure(error, {
      url: baseUrl,
      settings: "CHE168_BASE_URL or CHE168_ACCESS_NAME",
      proxy: transport.proxyNote(new URL(baseUrl).protocol),
      redact,
    });
    if (code !== undefined && DECOMPRESSION.test(code)) {
      const damage = `the response cannot be decompressed: ${what}`;
      return requestFailure(request, "UPSTREAM_INVALID_RESPONSE", damage, facts);
    }
    return requestFailure(
      request,
      code === "ETIMEDOUT" ? "UPSTREAM_TIMEOUT" : "UPSTREAM_NETWORK",
      reason,
      facts,
    );
  }

  return { send, redact, close: transport.close };
}

const DECOMPRESSION = /^(Z_|ERR__|ERR_BROTLI|ERR_ZLIB)/;

async function readDecoded({ body, headers }: TransportResponse, maxBytes: number): Promise<Buffer> {
  return decompress(await collectBody(body, maxBytes), headers.get("content-encoding"), maxBytes);
}
