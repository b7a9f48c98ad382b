import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { setImmediate } from "node:timers/promises";

/** What comes back: a `Response` as far as ofetch and this room look at it, its body a stream of Node's. */
export interface TransportResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: IncomingMessage;
}

/**
 * fetch over `node:http`, for ofetch to work with. Node's own fetch hides two things that this client lives by: whether
 * a request fell on a connection that had been kept open (`reusedSocket`), and the buffers of its web streams, with
 * which a walk through the catalogue grew to 380 MB (160 MB so). Redirects are not followed; the body comes as it was sent, still
 * compressed. Connections are those of the process's global agents: kept alive, closed after 5 idle seconds or when
 * the service says so, and led through a proxy where Node is told to (`NODE_USE_ENV_PROXY`).
 *
 * A request that dies on a kept-alive connection, unanswered, is sent again at once: the service had closed it, which
 * is no fault. On a new connection it is one.
 */
export async function nodeFetch(address: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const url = new URL(String(address));
  for (;;) {
    const { request, response } = send(url, init);
    try {
      return (await response) as unknown as Response;
    } catch (error) {
      // Each round closes one idle connection, and a new one is never reused: this ends.
      const wasKeptAlive = request.reusedSocket && isClosedConnection(error);
      if (!wasKeptAlive || init.signal?.aborted) {
        throw error;
      }
    }
  }
}

function send(url: URL, init: RequestInit): { request: ClientRequest; response: Promise<TransportResponse> } {
  const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
    method: init.method ?? "GET",
    headers: Object.fromEntries(new Headers(init.headers)),
    ...(init.signal ? { signal: init.signal } : {}),
  });
  const response = new Promise<TransportResponse>((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (message) => {
      // An abort between here and the first read has no other listener, and would end the process.
      message.on("error", () => {});
      const { statusCode: status = 0, statusMessage: statusText = "" } = message;
      resolve({ status, statusText, headers: headersOf(message), body: message });
    });
  });
  request.end(init.body ?? undefined);
  return { request, response };
}

function headersOf(message: IncomingMessage): TransportResponse["headers"] {
  return {
    get(name) {
      const value = message.headers[name.toLowerCase()];
      return (Array.isArray(value) ? value.join(", ") : value) ?? null;
    },
  };
}

function isClosedConnection(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ECONNRESET" || code === "EPIPE";
}

/** Resolves when requests that were just begun are on the wire; this thread may then be busy with something else. */
export async function requestsLeave(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
