import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { setImmediate } from "node:timers/promises";

/** A response with the members of `Response` that ofetch and this module use; its body is a Node.js stream. */
export interface TransportResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: { get(name: string): string | null };
  readonly body: IncomingMessage;
}

/** Proxy settings under the names of environment variables (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`, or lower case). */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

/** How requests leave this process. */
export interface Transport {
  /** `fetch`, for ofetch: redirects are not followed, and the body is still compressed. */
  readonly fetch: typeof globalThis.fetch;
  /** The proxy configured for an address, for the error of a failed connection; undefined without one. */
  proxyNote(protocol: string): string | undefined;
  /** Closes its own connections. */
  close(): void;
}

/** Node.js versions whose agents take `proxyEnv`. */
const PROXY_VERSIONS = "22.21 or 24.5";

/** True when this version of Node.js has built-in proxy support. */
export function supportsProxy(version: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);
}

/**
 * Creates a transport over `node:http`. Node's own `fetch` hides whether a request reused a kept-alive connection
 * (`reusedSocket`), and buffers of its web streams grew a walk through the catalogue to 380 MB instead of 160 MB.
 *
 * Without `proxyEnv` connections are those of the process's global agents: kept alive, closed after 5 idle seconds.
 * With a proxy in it, own agents connect through that proxy, where Node.js supports it ({@link supportsProxy}).
 *
 * A request that fails on a kept-alive connection before any response is resent immediately: the service had closed
 * the idle connection, which is not a fault. On a new connection it is one.
 */
export function createTransport(proxyEnv: ProxyEnv = {}): Transport {
  const isProxied = Object.entries(proxyEnv).some(([name, url]) => /^https?_proxy$/i.test(name) && url);
  const agents = isProxied && supportsProxy() ? createAgents(proxyEnv) : undefined;

  async function fetch(address: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(String(address));
    for (;;) {
      const { request, response } = send(url, init, agents);
      try {
        return (await response) as unknown as Response;
      } catch (error) {
        // Each round closes one idle connection, and a new connection is not reused, so this ends.
        const wasIdle = request.reusedSocket && isClosedConnection(error);
        if (!wasIdle || init.signal?.aborted) {
          throw error;
        }
      }
    }
  }

  return {
    fetch,
    proxyNote(protocol) {
      const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
      const proxy = proxyEnv[name.toLowerCase()] || proxyEnv[name];
      if (!proxy) {
        return undefined;
      }
      return agents === undefined
        ? `${name} is set, but Node.js ${process.versions.node} does not use it: this needs Node.js ${PROXY_VERSIONS}`
        : `${name} is ${URL.parse(proxy)?.host || "not an address"}`;
    },
    close() {
      agents?.http.destroy();
      agents?.https.destroy();
    },
  };
}

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Agents with the settings of the global ones. */
function createAgents(proxyEnv: ProxyEnv): Agents {
  const options = { keepAlive: true, scheduling: "lifo" as const, timeout: 5_000, proxyEnv };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

function send(
  url: URL,
  init: RequestInit,
  agents: Agents | undefined,
): { request: ClientRequest; response: Promise<TransportResponse> } {
  const isTls = url.protocol === "https:";
  const request = (isTls ? httpsRequest : httpRequest)(url, {
    method: init.method ?? "GET",
    headers: Object.fromEntries(new Headers(init.headers)),
    signal: init.signal ?? undefined,
    agent: isTls ? agents?.https : agents?.http,
  });
  const response = new Promise<TransportResponse>((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (message) => {
      // An abort between here and the first read has no other listener, and would crash the process.
      message.on("error", () => {});
      const { statusCode: status = 0, statusMessage: statusText = "" } = message;
      resolve({ url: url.href, status, statusText, headers: headersOf(message), body: message });
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

/** Resolves when requests that were just started have been written, so that this thread may then be busy. */
export async function requestsSent(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
