import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import { type ClientOptions, createClient, type RetryWait } from "../../../src/upstream/index.ts";

/** The key of every test, with characters that URLs, JSON and HTML encode. */
export const KEY = 's3cret/Key+with&odd=chars%"<é>'.replace("é", "e");

/** A request as it reached the service. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The client's port, which identifies the connection. */
  readonly port: number | undefined;
}

export interface Service {
  readonly origin: string;
  readonly baseUrl: string;
  readonly requests: readonly Received[];
  readonly server: Server;
}

type Answer = (response: ServerResponse, request: Received, index: number) => void;

/**
 * Starts an HTTP server for faults that the sandbox does not support. The nth of `answers` responds to the nth request,
 * the last one to all further requests. Closed when the test ends.
 */
export async function startService(...answers: readonly [Answer, ...Answer[]]): Promise<Service> {
  const requests: Received[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) {
      body += chunk;
    }
    const request: Received = {
      method: incoming.method ?? "",
      url: new URL(incoming.url ?? "/", "http://service"),
      headers: incoming.headers,
      body,
      port: incoming.socket.remotePort,
    };
    const index = requests.push(request) - 1;
    const answer = answers[Math.min(index, answers.length - 1)] as Answer;
    answer(response, request, index);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return { origin, baseUrl: `${origin}/api/v2/che168`, requests, server };
}

/** Responds with a value as JSON, or with a text unchanged. */
export function reply(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  };
}

/** A page of the catalogue with one listing. */
export function offersPage(page: number, nextPage: unknown = page + 1) {
  const record = { id: page, inner_id: `${page}`, change_type: "added", created_at: "2026-01-01", data: {} };
  return { result: [record], meta: { page, next_page: nextPage, limit: 20 } };
}

/** Log lines and retries of a client. */
export interface Told {
  readonly logs: string[];
  readonly waits: RetryWait[];
}

/** Creates a client without intervals that collects its log and retries; closed when the test ends. */
export function startClient(service: { baseUrl: string }, options: Partial<ClientOptions> = {}) {
  const told: Told = { logs: [], waits: [] };
  const log = (level: string) => (message: string) => {
    told.logs.push(`${level} ${message}`);
  };
  const client = createClient({
    baseUrl: service.baseUrl,
    apiKey: KEY,
    offersIntervalMs: 0,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
    retry: { attempts: 3, intervalMs: 1 },
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    onRetry: (wait) => told.waits.push(wait),
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, told };
}

/** The error with which a promise rejects. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    (value) => {
      throw new Error(`Expected an error, received ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) {
    throw new Error(`Expected an Error, received ${String(error)}`);
  }
  return error;
}
