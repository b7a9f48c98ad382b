import type { Server as HttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import type { H3 } from "h3";
import { toNodeHandler } from "h3/node";
import { listen } from "listhen";
import { Che168Error } from "../errors.ts";
import { type Logger, silentLogger } from "../logging/types.ts";

/** What is served, and where. */
export interface ServeOptions {
  /** What `createApiHandler` gave. */
  readonly handler: H3;
  /** @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** 0 takes any free one. @default 8000 */
  readonly port?: number | undefined;
  readonly logger?: Logger | undefined;
  /** How long running requests may take to finish on closing, in milliseconds. @default 10000 */
  readonly closeTimeoutMs?: number | undefined;
}

/** A server that listens. */
export interface ApiServer {
  /** Where it is reached, e.g. `http://127.0.0.1:8000/`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests and lets the running ones finish, for a bounded time. May be called twice. */
  close(): Promise<void>;
}

// Slow clients (FAULTS 39): a head within ten seconds, a whole request within thirty; Node answers 408 and closes.
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** A connection on which nothing moves, for example to a client that reads no answer. */
const SILENT_TIMEOUT_MS = 60_000;
/** Longer than load balancers keep a connection, so that it is they who close it. */
const KEEP_ALIVE_MS = 75_000;
const MAX_CONNECTIONS = 10_000;
const LOCAL = new Set(["localhost", "127.0.0.1", "::1"]);

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another program; stop it, or choose another port with --port or API_PORT",
  EACCES: "may not be opened by this user; choose a port from 1024 on",
  EADDRNOTAVAIL: "does not belong to this machine; choose another host with --host or API_HOST",
  ENOTFOUND: "is not known; choose another host with --host or API_HOST",
};

function unusable(host: string, port: number, code: string, cause?: unknown): Che168Error {
  const reason = REASONS[code] ?? `cannot be opened (${code})`;
  const details = { host, port, reason: code };
  return new Che168Error("ADDRESS_UNUSABLE", `The address ${host}:${port} ${reason}.`, { cause, details });
}

/** Opens and closes the address: listhen does not tell why it cannot. */
function probe(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(unusable(host, port, error.code ?? error.message, error)),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/**
 * Serves the API on an address of its own.
 *
 * @throws Che168Error `ADDRESS_UNUSABLE` when the port is taken or the host is not ours
 */
export async function startServer(options: ServeOptions): Promise<ApiServer> {
  const { handler, host = "127.0.0.1", port = 8_000, logger = silentLogger } = options;
  await probe(host, port);
  const listener = await listen(toNodeHandler(handler), {
    hostname: host,
    port: port === 0 ? { port: 0, random: true } : port,
    public: !LOCAL.has(host),
    // A taken port is an error; no other is tried. Signals are the command line's.
    isProd: true,
    isTest: true,
    autoClose: false,
    showURL: false,
    qr: false,
  });
  const server = listener.server as HttpServer;
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SILENT_TIMEOUT_MS);
  const opened = (server.address() as AddressInfo).port;
  if (port !== 0 && opened !== port) {
    // Ports that browsers refuse (6000, 6667 …) are passed over by listhen.
    await listener.close();
    throw unusable(host, port, "a port that browsers refuse");
  }

  let closing: Promise<void> | undefined;
  const close = async () => {
    const bound = setTimeout(() => {
      logger.warn("Requests were still running when the time to finish them was over; they were cut off.");
      server.closeAllConnections();
    }, options.closeTimeoutMs ?? 10_000);
    try {
      await listener.close();
    } finally {
      clearTimeout(bound);
    }
  };
  const shownHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shownHost}:${opened}/`,
    port: opened,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
