import { Che168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import type { CallOptions, RequestRetryOptions } from "../upstream/index.ts";
import {
  DEFAULT_TIMEOUT_MS,
  describeWait,
  type ProxyEnv,
  type RequestInfo,
  requestFailure,
  resolveRetry,
  type TransportResponse,
  withRetries,
} from "../upstream/internal.ts";
import { addDays, dayOf } from "../util/days.ts";
import { createExportRequester, type ExportRequester } from "./remote-request.ts";
import { type ByteSource, type ExportAccount, ExportReplaced } from "./types.ts";

const HEAD_BYTES = 65_536;
/** Files are kept for 2-3 days. */
const DAYS_TRIED = 5;
const GONE = [404, 410];

/** How files are requested. */
export interface RemoteOptions {
  /** Address and credentials. */
  readonly account: ExportAccount;
  /**
   * Longest time without data, in milliseconds.
   * @default 30000
   */
  readonly timeoutMs?: number | undefined;
  /** Retries after network failures, timeouts, 5xx and 429. */
  readonly retry?: RequestRetryOptions | undefined;
  /** Proxy settings as the environment names them. */
  readonly proxyEnv?: ProxyEnv | undefined;
  /** Receives lost connections and retries. @default silent */
  readonly logger?: Logger | undefined;
}

/** `ETag`, else modification time and size. */
const versionOf = ({ headers }: TransportResponse, size: number | null): string =>
  headers.get("etag") ?? `${headers.get("last-modified") ?? "unknown"} ${size ?? "unknown"}`;

/** Size of the whole file; null when the response does not say. */
function sizeOf({ status, headers }: TransportResponse): number | null {
  const text =
    status === 206
      ? /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1]
      : (headers.get("content-length") ?? undefined);
  return text === undefined ? null : Number(text);
}

/** Position of the first byte of a response; undefined without a valid `Content-Range`. */
function positionOf({ status, headers }: TransportResponse): number | undefined {
  if (status === 200) {
    return 0;
  }
  const [, first] = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "") ?? [];
  return first === undefined ? undefined : Number(first);
}

/**
 * Opens the daily file of a day, or the newest one.
 *
 * @throws Che168Error `EXPORT_NOT_FOUND` when there is none
 * @throws UpstreamError when the server of the daily files fails, or refuses the password
 */
export async function openRemoteBytes(
  date: string | undefined,
  options: RemoteOptions & { readonly timezone: string; readonly now: () => Date },
  call: CallOptions,
): Promise<ByteSource> {
  const { account, proxyEnv, timezone, now, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const retry = resolveRetry(options.retry);
  const requester = createExportRequester({ account, timeoutMs, proxyEnv });
  const logger = options.logger ?? silentLogger;

  const retrying = <T>(request: RequestInfo, work: () => Promise<T>): Promise<T> =>
    withRetries(work, {
      what: request.what,
      policyFor: () => retry,
      signal: call.signal,
      onWait: (wait) => {
        logger.warn(describeWait(wait));
        call.onRetry?.(wait);
      },
    });

  const today = dayOf(now(), timezone);
  const days =
    date === undefined ? Array.from({ length: DAYS_TRIED }, (_, ago) => addDays(today, -ago)) : [date];
  for (const day of days) {
    const request: RequestInfo = {
      what: `the daily file of ${day}`,
      method: "GET",
      path: `/${day}/all_active.csv`,
    };
    const found = await retrying(request, () => readHead(requester, request, call.signal));
    if (found !== undefined) {
      return remoteBytes({ requester, request, day, ...found, retrying, logger });
    }
  }
  const remedy =
    date === undefined
      ? "Check CHE168_EXPORT_URL, which is everything before /{YYYY-MM-DD}/."
      : "Files are available from 8:00 Moscow time and kept for 2-3 days; without a date the newest one is taken.";
  throw new Che168Error(
    "EXPORT_NOT_FOUND",
    `There is no daily file of ${days.length === 1 ? days[0] : `${days.at(-1)} to ${days[0]}`}. ${remedy}`,
    { details: { days } },
  );
}

interface Head {
  readonly head: Buffer;
  readonly version: string;
  readonly size: number | null;
}

/** The start of a file; undefined when there is no such file. */
async function readHead(
  requester: ExportRequester,
  request: RequestInfo,
  signal: AbortSignal | undefined,
): Promise<Head | undefined> {
  const range = `bytes=0-${HEAD_BYTES - 1}`;
  const response = await requester.get(request, { range }, GONE, signal);
  if (GONE.includes(response.status)) {
    response.body.destroy();
    return undefined;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of requester.chunks(request, response, signal)) {
    chunks.push(chunk);
    length += chunk.length;
    // A server without byte ranges sends everything.
    if (length >= HEAD_BYTES) {
      break;
    }
  }
  const size = sizeOf(response);
  return { head: Buffer.concat(chunks), version: versionOf(response, size), size };
}

function remoteBytes(context: {
  readonly requester: ExportRequester;
  readonly request: RequestInfo;
  readonly day: string;
  readonly head: Buffer;
  readonly version: string;
  readonly size: number | null;
  readonly retrying: <T>(request: RequestInfo, work: () => Promise<T>) => Promise<T>;
  readonly logger: Logger;
}): ByteSource {
  const { requester, request, day, head, version, size, retrying, logger } = context;
  const name = `all_active.csv of ${day}`;
  const isStrong = version.startsWith('"');

  /** Requests the bytes from a position on; undefined at the end. @throws ExportReplaced */
  async function openAt(position: number, signal?: AbortSignal): Promise<TransportResponse | undefined> {
    const headers = {
      ...(position > 0 ? { range: `bytes=${position}-` } : {}),
      ...(isStrong ? { "if-match": version } : {}),
    };
    const response = await requester.get(request, headers, [...GONE, 412, 416], signal);
    const { status } = response;
    if (status === 416 && size === position) {
      response.body.destroy();
      return undefined;
    }
    if (status !== 200 && status !== 206) {
      response.body.destroy();
      throw new ExportReplaced(name);
    }
    if (versionOf(response, sizeOf(response)) !== version) {
      response.body.destroy();
      throw new ExportReplaced(name);
    }
    const start = positionOf(response);
    if (start !== position && start !== 0) {
      response.body.destroy();
      const reason = `the server returned bytes from ${start ?? "an unknown position"}, not from ${position}`;
      throw requestFailure(request, "UPSTREAM_INVALID_RESPONSE", reason, { retryable: true, status });
    }
    return response;
  }

  return {
    name,
    date: day,
    version,
    size,
    head,
    async *read(position, { signal }) {
      for (let at = position; ; ) {
        // The first bytes belong to the attempt: a server that cuts every connection early is retried only so often.
        const opened = await retrying(request, async () => {
          const response = await openAt(at, signal);
          if (response === undefined) {
            return undefined;
          }
          const chunks = requester.chunks(request, response, signal);
          let skip = at - (positionOf(response) ?? at);
          for (;;) {
            const { done, value } = await chunks.next();
            if (done || value.length > skip) {
              return { chunks, first: done ? undefined : value.subarray(skip) };
            }
            skip -= value.length;
          }
        });
        if (opened?.first === undefined) {
          return;
        }
        at += opened.first.length;
        try {
          yield opened.first;
          for await (const chunk of opened.chunks) {
            at += chunk.length;
            yield chunk;
          }
          return;
        } catch (error) {
          signal?.throwIfAborted();
          logger.warn(
            `The download of ${name} was interrupted at byte ${at}, and continues there: ${reasonOf(error)}`,
          );
        } finally {
          await opened.chunks.return(undefined);
        }
      }
    },
  };
}

const reasonOf = (error: unknown): string =>
  error instanceof Che168Error ? String(error.details.reason ?? error.message) : String(error);
