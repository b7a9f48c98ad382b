import { createFetch, FetchError } from "ofetch";
import { UpstreamError } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import { linkSignals, MAX_TIMER_MS } from "../util/abort.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import { BodyTooLong, decompress, describeBody, discard, ENCODINGS, readWithin, toUtf8 } from "./body.ts";
import {
  createRedactor,
  type FailureFacts,
  failure,
  oneLine,
  type Question,
  tell,
} from "./request-errors.ts";
import { nodeFetch, type TransportResponse } from "./transport.ts";

/** Sends one question and gives the body of the answer. */
export interface Requester {
  /**
   * One HTTP request, its answer read to the end and decompressed. Nothing is tried again.
   * @returns UTF-8.
   * @throws {UpstreamError} for every answer other than a 2xx that came whole, in time and within the size.
   * @throws `signal.reason` when the signal aborts.
   */
  send(question: Question, signal?: AbortSignal): Promise<Buffer>;
  /** Takes the key out of foreign text. */
  redact(text: string): string;
}

export interface RequesterOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly logger: Logger;
}

const MAX_REDIRECTS = 3;
/** Of an answer that is an error, no more than this is read to describe it. */
const MAX_ERROR_BYTES = 256 * 1024;

const $fetch = createFetch({ fetch: nodeFetch });

/** Makes a requester over ofetch, whose own retry and timeout are off: they do not cover the body. */
export function createRequester(options: RequesterOptions): Requester {
  const { baseUrl, apiKey, timeoutMs, maxResponseBytes, logger } = options;
  const redact = createRedactor(apiKey);

  async function send(question: Question, signal?: AbortSignal): Promise<Buffer> {
    signal?.throwIfAborted();
    const deadline = linkSignals(signal);
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        deadline.abort(new Error("timeout"));
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    try {
      return await readAnswer(question, await follow(question, deadline.signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UpstreamError) {
        throw error;
      }
      throw late ? timeout(question) : networkFailure(question, error);
    } finally {
      clearTimeout(timer);
      deadline.unlink();
    }
  }

  function timeout(question: Question): UpstreamError {
    return failure(question, "UPSTREAM_TIMEOUT", `no whole answer within ${timeoutMs} ms`, {
      retryable: true,
    });
  }

  /** Asks, and follows redirects by hand: fetch would carry the key to wherever they lead (FAULTS 18). */
  async function follow(question: Question, signal: AbortSignal): Promise<TransportResponse> {
    let url = target(question);
    for (let redirects = 0; ; redirects += 1) {
      const response = await fetchOnce(url, question, signal);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return response;
      }
      discard(response.body);
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      const status = response.status;
      const refuse = (reason: string) =>
        failure(question, "UPSTREAM_REDIRECT", reason, { retryable: false, status });
      if (next?.origin !== url.origin) {
        const where = next === undefined ? "an unreadable address" : oneLine(redact(next.origin));
        throw refuse(`the service redirects (${status}) to ${where}; the key is not sent to another host`);
      }
      if (redirects === MAX_REDIRECTS) {
        throw refuse(`the service redirects (${status}) more than ${MAX_REDIRECTS} times`);
      }
      if (question.method === "POST" && status !== 307 && status !== 308) {
        throw refuse(`the service redirects (${status}) a POST, which would lose its body`);
      }
      url = next;
    }
  }

  function target({ path, atRoot, query }: Question): URL {
    if (atRoot) {
      return new URL(path, baseUrl);
    }
    const url = new URL(baseUrl + path);
    url.search = new URLSearchParams({ ...query, api_key: apiKey }).toString();
    return url;
  }

  async function fetchOnce(url: URL, question: Question, signal: AbortSignal): Promise<TransportResponse> {
    const response: unknown = await $fetch.raw(url.href, {
      method: question.method,
      headers: {
        accept: "application/json",
        "accept-encoding": ENCODINGS,
        "user-agent": "che168-sync",
        ...(question.atRoot ? { "x-api-key": apiKey } : {}),
      },
      ...(question.body ? { body: question.body } : {}),
      responseType: "stream",
      ignoreResponseError: true,
      retry: false,
      signal,
    });
    return response as TransportResponse;
  }

  async function readAnswer(question: Question, response: TransportResponse): Promise<Buffer> {
    if (response.status < 200 || response.status > 299) {
      throw await statusFailure(question, response);
    }
    const tooLarge = (size: string) =>
      failure(
        question,
        "UPSTREAM_TOO_LARGE",
        `the answer has ${size}; at most ${maxResponseBytes} are read`,
        {
          retryable: false,
          status: response.status,
        },
      );
    const announced = Number(response.headers.get("content-length"));
    if (announced > maxResponseBytes) {
      discard(response.body);
      throw tooLarge(`${announced} bytes`);
    }
    try {
      const { bytes, repaired } = toUtf8(await readBody(response, maxResponseBytes));
      if (repaired) {
        logger.warn(tell(question, "the answer is not all UTF-8; what is not became U+FFFD"));
      }
      return bytes;
    } catch (error) {
      throw error instanceof BodyTooLong ? tooLarge(error.message) : error;
    }
  }

  async function statusFailure(question: Question, response: TransportResponse): Promise<UpstreamError> {
    const { status, headers } = response;
    const said = oneLine(redact(`${status} ${response.statusText}`));
    if (status === 401 || status === 403) {
      discard(response.body);
      const reason = `the service answered ${said}: the key in CHE168_API_KEY is not accepted`;
      return failure(question, "UPSTREAM_UNAUTHORIZED", reason, { retryable: false, status });
    }
    const body = await readBody(response, MAX_ERROR_BYTES).then(
      (bytes) => describeBody(toUtf8(bytes).bytes.toString(), redact),
      () => "a body that could not be read",
    );
    const retryAfterMs = parseRetryAfter(headers.get("retry-after"), headers.get("date"));
    const facts: FailureFacts = {
      retryable: status >= 500 || status === 408 || status === 425 || status === 429,
      status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
    const code = status === 429 ? "UPSTREAM_RATE_LIMITED" : "UPSTREAM_STATUS";
    return failure(question, code, `the service answered ${said} with ${body}`, facts);
  }

  function networkFailure(question: Question, error: unknown): UpstreamError {
    const cause = rootCause(error);
    const code = codeOf(cause);
    // The original stays behind: its message, and those it was wrapped in, may hold the whole URL.
    const shown = Object.assign(new Error(oneLine(redact(cause.message || code || cause.name))), {
      name: cause.name,
      ...(code === undefined ? {} : { code }),
    });
    const named = code === undefined || shown.message.includes(code) ? "" : ` (${code})`;
    const facts: FailureFacts = { retryable: true, cause: shown };
    if (code === "ETIMEDOUT") {
      return failure(question, "UPSTREAM_TIMEOUT", `no answer in time: ${shown.message}${named}`, facts);
    }
    if (code !== undefined && DECOMPRESSION.test(code)) {
      const reason = `the answer cannot be decompressed: ${shown.message}${named}`;
      return failure(question, "UPSTREAM_INVALID_RESPONSE", reason, facts);
    }
    const hint = code === "ENOTFOUND" ? "; is CHE168_ACCESS_NAME or CHE168_BASE_URL right?" : "";
    return failure(
      question,
      "UPSTREAM_NETWORK",
      `the connection failed: ${shown.message}${named}${hint}`,
      facts,
    );
  }

  return { send, redact };
}

const DECOMPRESSION = /^(Z_|ERR__|ERR_BROTLI|ERR_ZLIB)/;

async function readBody({ body, headers }: TransportResponse, maxBytes: number): Promise<Buffer> {
  return decompress(await readWithin(body, maxBytes), headers.get("content-encoding"), maxBytes);
}

/** What lies at the bottom of an error of ofetch; of several attempts to connect, the first. */
function rootCause(error: unknown): Error {
  let current = error instanceof Error ? error : new Error(String(error));
  for (;;) {
    const next: unknown = current instanceof AggregateError ? current.errors[0] : current.cause;
    if (!(next instanceof Error)) {
      // ofetch writes the URL into its message.
      return current instanceof FetchError ? new Error("no answer") : current;
    }
    current = next;
  }
}

function codeOf(error: Error): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : undefined;
}
