import { linkSignals } from "../util/abort.ts";
import { errorMessage } from "../util/error-message.ts";
import { parseRetryAfter } from "../util/retry-after.ts";
import { signatureHeaders } from "../util/standard-webhooks.ts";
import { version } from "../version.ts";
import type { Message } from "./message.ts";

/** A failed attempt. */
export interface Refusal {
  /** Without credentials. */
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
}

/** Time for the head of the response; the body of a 2xx is not read. */
export const TIMEOUT_MS = 15_000;

/** `fetch` rejects credentials in a URL, so they become a header. */
function targetOf(address: string): { readonly url: string; readonly headers: Record<string, string> } {
  const url = new URL(address);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  if (username === "" && password === "") {
    return { url: url.href, headers: {} };
  }
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    url: url.href,
    headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
  };
}

function networkReason(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === "string" ? `no connection (${cause.code})` : errorMessage(cause ?? error);
}

/**
 * Sends a message once. Redirects are not followed: a receiver must not choose another address, which may be an internal one.
 *
 * @returns undefined after a 2xx
 * @throws the signal's reason
 */
export async function post(
  address: string,
  message: Message,
  key: Buffer,
  signal: AbortSignal | undefined,
): Promise<Refusal | undefined> {
  signal?.throwIfAborted();
  const { url, headers } = targetOf(address);
  const linked = linkSignals(signal);
  let isTimeout = false;
  const timer = setTimeout(() => {
    isTimeout = true;
    linked.abort(new DOMException("The operation timed out", "TimeoutError"));
  }, TIMEOUT_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      redirect: "manual",
      headers: {
        ...headers,
        ...signatureHeaders(message, key, Math.floor(Date.now() / 1_000)),
        "content-type": "application/json",
        "user-agent": `che168-sync/${version}`,
      },
      body: message.body,
      signal: linked.signal,
    });
    await response.body?.cancel();
    const { status } = response;
    if (response.ok) {
      return undefined;
    }
    const isRedirect = status >= 300 && status < 400;
    return {
      reason: isRedirect ? `status ${status}: redirects are not followed` : `status ${status}`,
      retryAfterMs: parseRetryAfter(response.headers.get("retry-after"), response.headers.get("date")),
    };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = isTimeout ? `no response within ${TIMEOUT_MS / 1_000} s` : networkReason(error);
    return { reason, retryAfterMs: undefined };
  } finally {
    clearTimeout(timer);
    linked.unlink();
  }
}
