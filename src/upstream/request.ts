import { setImmediate } from "node:timers/promises";
import { $fetch, FetchError } from "ofetch";
import { UpstreamError } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import { LONGEST_TIMER_MS, linkSignals } from "./abort.ts";
import { BodyTooLong, decodeBody, describeBody, discard, readWithin } from "./body.ts";
import { createRedactor, type FailureFacts, failure, oneLine, type Question, tell } from "./failure.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** Sends one question and gives the body of the answer. */
export interface Requester {
  /**
   * One HTTP request, its answer read to the end and decoded; nothing is tried again, with one exception: a request
   * that fell on a kept-alive connection which the service was just closing is sent again at once, unseen.
   * @throws {UpstreamError} for every answer other than a 2xx that came whole, in time and within the size.
   * @throws `signal.reason` when the signal aborts.
   */
  send(question: Question, signal?: AbortSignal): Promise<string>;
  /** Takes the key out of foreign text. */
  redact(text: string): string;
}

export interface RequesterOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly logger: Logger;
}

const MAX_REDIRECTS = 3;
/** Of an answer that is an error, no more than this is read to describe it. */
const MAX_ERROR_BYTES = 16 * 1024;

/** Makes a requester. Connections are those of Node's own fetch, so that a proxy set for the process is used. */
export function createRequester(options: RequesterOptions): Requester {
  const { baseUrl, apiKey, timeoutMs, maxAnswerBytes, logger } = options;
  const redact = createRedactor(apiKey);
  // No connection is kept open before the first answer, and never more than requests have run at the same time.
  let hasAnswered = false;
  let running = 0;
  let mostRunning = 0;

  async function send(question: Question, signal?: AbortSignal): Promise<string> {
    // fetch frees a connection only after its answer has been handed over: in the same turn it would open another one.
    await setImmediate();
    signal?.throwIfAborted();
    running += 1;
    mostRunning = Math.max(mostRunning, running);
    const deadline = linkSignals(signal);
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        deadline.abort(new Error("timeout"));
      },
      Math.min(timeoutMs, LONGEST_TIMER_MS),
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
      running -= 1;
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
  async function follow(question: Question, signal: AbortSignal): Promise<Response> {
    let url = target(question);
    for (let redirects = 0; ; redirects += 1) {
      const response = await fetchOnce(url, question, signal);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return response;
      }
      await discard(response.body);
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

  async function fetchOnce(url: URL, question: Question, signal: AbortSignal): Promise<Response> {
    for (let again = 0; ; again += 1) {
      try {
        const response = await $fetch.raw(url.href, {
          method: question.method,
          headers: {
            accept: "application/json",
            "user-agent": "che168-sync",
            ...(question.atRoot ? { "x-api-key": apiKey } : {}),
          },
          ...(question.body ? { body: question.body } : {}),
          redirect: "manual",
          responseType: "stream",
          ignoreResponseError: true,
          retry: false,
          signal,
        });
        hasAnswered = true;
        return response;
      } catch (error) {
        const mayHaveBeenIdle =
          hasAnswered && again < mostRunning && fellOnClosedConnection(rootCause(error));
        if (!mayHaveBeenIdle || signal.aborted) {
          throw error;
        }
        logger.debug(tell(question, "the kept-alive connection was closed by the service; asking again"));
      }
    }
  }

  async function readAnswer(question: Question, response: Response): Promise<string> {
    if (!response.ok) {
      throw await statusFailure(question, response);
    }
    const tooLarge = (size: string) =>
      failure(question, "UPSTREAM_TOO_LARGE", `the answer has ${size}; at most ${maxAnswerBytes} are read`, {
        retryable: false,
        status: response.status,
      });
    const announced = Number(response.headers.get("content-length"));
    if (announced > maxAnswerBytes) {
      await discard(response.body);
      throw tooLarge(`${announced} bytes`);
    }
    try {
      const { text, repaired } = decodeBody(await readWithin(response.body, maxAnswerBytes));
      if (repaired) {
        logger.warn(tell(question, "the answer is not all UTF-8; what is not became U+FFFD"));
      }
      return text;
    } catch (error) {
      throw error instanceof BodyTooLong ? tooLarge(error.message) : error;
    }
  }

  async function statusFailure(question: Question, response: Response): Promise<UpstreamError> {
    const { status, headers } = response;
    const said = oneLine(redact(`${status} ${response.statusText}`));
    if (status === 401 || status === 403) {
      await discard(response.body);
      const reason = `the service answered ${said}: the key in CHE168_API_KEY is not accepted`;
      return failure(question, "UPSTREAM_UNAUTHORIZED", reason, { retryable: false, status });
    }
    const body = await readWithin(response.body, MAX_ERROR_BYTES).then(
      (bytes) => describeBody(decodeBody(bytes).text, redact),
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
    if (code !== undefined && TIMEOUTS.has(code)) {
      return failure(question, "UPSTREAM_TIMEOUT", `no answer in time: ${shown.message}${named}`, facts);
    }
    if (code !== undefined && DECOMPRESSION.test(code)) {
      const reason = `the answer cannot be decompressed: ${shown.message}${named}`;
      return failure(question, "UPSTREAM_INVALID_ANSWER", reason, facts);
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

const TIMEOUTS = new Set([
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

const DECOMPRESSION = /^(Z_|ERR_(_ERROR_FORMAT|BROTLI|ZLIB|ZSTD)|ZSTD_)/;

/**
 * True for the errors that a connection gives which was open and is not any more. When undici tells that nothing had
 * ever come over it, it was a new one, and this is a fault of the service.
 */
function fellOnClosedConnection(cause: Error): boolean {
  const code = codeOf(cause);
  const { socket } = cause as { socket?: { bytesRead?: number } | null };
  return code === "ECONNRESET" || code === "EPIPE" || (code === "UND_ERR_SOCKET" && socket?.bytesRead !== 0);
}

/** What lies at the bottom of an error of fetch: "fetch failed" and "terminated" say nothing by themselves. */
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
