import type { Server as HttpServer, RequestListener } from "node:http";
import { type AddressInfo, createServer, Server as NetServer } from "node:net";
import type { H3 } from "h3";
import { toNodeHandler } from "h3/node";
import { listen } from "listhen";
import { Che168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";
import { type Connections, trackConnections } from "./http/connections.ts";

/** Options of {@link startServer}. */
export interface ServeOptions {
  /** From `createApiHandler`. */
  readonly handler: H3;
  /** @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** 0 picks a free port. @default 8000 */
  readonly port?: number | undefined;
  readonly logger?: Logger | undefined;
  /** Connections of one address; further ones are refused. All clients of a proxy share its address. @default 1000 */
  readonly maxConnectionsPerAddress?: number | undefined;
  /** Grace period for requests in flight on close, in milliseconds. @default 1500 */
  readonly closeTimeoutMs?: number | undefined;
}

/** A running server. */
export interface ApiServer {
  /** E.g. `http://127.0.0.1:8000/`. */
  readonly url: string;
  readonly port: number;
  /** Accepts no new connections and finishes requests in flight, for a limited time. Idempotent. */
  close(): Promise<void>;
}

/** Slow clients get 408 and are disconnected by Node. Only the constructor takes the interval at which it checks. */
const SERVER_OPTIONS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  // Longer than load balancers keep a connection, so that they close it and not we.
  keepAliveTimeout: 75_000,
};
/** Timeout of a stalled connection, for example when the client does not read the response. */
const SOCKET_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 10_000;
/** Idle connections stay open this long on close, so that a request on its way gets a response, not a reset. */
const DRAIN_MS = 500;
const LOCAL = new Set(["localhost", "127.0.0.1", "::1"]);

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another program; stop it, or choose another port with --port or API_PORT",
  EACCES: "needs privileges that this user does not have; choose a port above 1023",
  EADDRNOTAVAIL: "does not belong to this machine; choose another host with --host or API_HOST",
  ENOTFOUND: "is unknown; choose another host with --host or API_HOST",
};

/** Finds out why an address cannot be used, which listhen does not report. */
function addressError(host: string, port: number, error?: unknown): Promise<Che168Error> {
  const failure = (code: string, cause?: unknown) => {
    const message = `The address ${host}:${port} ${REASONS[code] ?? `cannot be used (${code})`}.`;
    const details = { host, port, reason: code };
    return new Che168Error("ADDRESS_UNUSABLE", message, { cause, details });
  };
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) =>
      resolve(failure(cause.code ?? cause.message, cause)),
    );
    server.listen({ host, port, exclusive: true }, () => {
      // listhen replaces the ports that browsers refuse (6000, 6667 …) by another.
      server.close(() => resolve(failure("browsers refuse this port", error)));
    });
  });
}

/**
 * Finishes requests in flight, each with `Connection: close`. Idle connections are closed later: a client that reuses one
 * just then gets its response.
 */
async function drain(
  server: HttpServer,
  connections: Connections,
  timeoutMs: number,
  logger: Logger,
): Promise<void> {
  connections.startDraining();
  const closed = new Promise<void>((resolve) => {
    // The method of `http.Server` would close idle connections immediately.
    NetServer.prototype.close.call(server, () => resolve());
  });
  connections.closeSilent();
  const idle = setTimeout(() => server.closeIdleConnections(), Math.min(DRAIN_MS, timeoutMs));
  const limit = setTimeout(() => {
    logger.warn("Requests that did not finish within the shutdown timeout were aborted");
    server.closeAllConnections();
  }, timeoutMs);
  await closed;
  clearTimeout(idle);
  clearTimeout(limit);
  // Stops Node's check for slow clients.
  server.close();
}

/**
 * Serves the API on its own address.
 *
 * @throws Che168Error `ADDRESS_UNUSABLE` when the port is in use or the host is not this machine
 */
export async function startServer(options: ServeOptions): Promise<ApiServer> {
  const { handler, host = "127.0.0.1", port = 8_000, logger = silentLogger } = options;
  const { maxConnectionsPerAddress: maxPerAddress = 1_000, closeTimeoutMs = 1_500 } = options;
  // listhen passes its first argument to Node's `createServer`, which takes options there.
  const listener = await listen(SERVER_OPTIONS as unknown as RequestListener, {
    hostname: host,
    port: port === 0 ? { port: 0, random: true } : port,
    public: !LOCAL.has(host),
    // A port in use is an error. Signals are handled by the command line.
    isProd: true,
    autoClose: false,
    showURL: false,
  }).catch(async (error: unknown) => {
    throw await addressError(host, port, error);
  });
  const server = listener.server as HttpServer;
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SOCKET_TIMEOUT_MS);
  const connections = trackConnections(server, { maxPerAddress, logger });
  const handle = toNodeHandler(handler);
  server.on("request", (request, response) => {
    connections.onRequest(request, response);
    handle(request, response);
  });
  const opened = (server.address() as AddressInfo).port;
  if (port !== 0 && opened !== port) {
    await listener.close();
    throw await addressError(host, port);
  }

  let closing: Promise<void> | undefined;
  const urlHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${urlHost}:${opened}/`,
    port: opened,
    close: () => {
      closing ??= drain(server, connections, closeTimeoutMs, logger);
      return closing;
    },
  };
}
