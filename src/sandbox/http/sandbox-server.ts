import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../logging/types.ts";
import { errorMessage } from "../../util/error-message.ts";
import { PICTURES_PATH, type Pictures } from "../pictures/pictures.ts";
import type { SandboxRequest } from "../types.ts";
import type { World } from "../world/world.ts";
import { BANK_PATH, bankResponse } from "./bank.ts";
import { EXPORT_PATH, type Exports } from "./export.ts";
import { distort, jsonResponse, type SandboxResponse, sendComplete, sendFaulty } from "./fault-effects.ts";
import type { Fault, Faults } from "./faults.ts";
import { BASE_PATH, type RouteRequest, type RouteSettings, respond } from "./routes.ts";

/** Longest body that is read. */
const MAX_BODY_BYTES = 65_536;
const KEPT_REQUESTS = 20_000;
/** Base for parsing request paths. */
const ORIGIN = "http://sandbox";

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length <= MAX_BODY_BYTES) {
      pieces.push(piece);
    }
  }
  return length > MAX_BODY_BYTES ? "" : Buffer.concat(pieces).toString();
}

const isModifier = (fault: Fault) => ["delay", "closeAfter", "meta"].includes(fault.kind);

/** Creates the HTTP server of a sandbox: reads requests, applies faults, responds, and records requests. */
export function createSandboxServer(context: {
  world: World;
  faults: Faults;
  settings: RouteSettings;
  latencyMs: number;
  keepAliveTimeoutMs: number;
  logger: Logger;
  now: () => Date;
  exports: Exports;
  pictures: Pictures;
  /** Called before each response. */
  beforeResponse: () => void;
  /** Aborts delays when the sandbox closes. */
  signal: AbortSignal;
}): { server: Server; requests: readonly SandboxRequest[] } {
  const { world, faults, settings, latencyMs, logger, signal } = context;
  const requests: { -readonly [K in keyof SandboxRequest]: SandboxRequest[K] }[] = [];

  function note(method: string, path: string, query: Readonly<Record<string, string>>) {
    if (requests.length >= KEPT_REQUESTS) {
      requests.splice(0, KEPT_REQUESTS / 2);
    }
    const entry = { method, path, query, status: 0, at: context.now() };
    requests.push(entry);
    return entry;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET" } = request;
    const url = URL.parse(request.url ?? "/", ORIGIN) ?? new URL(ORIGIN);
    const path = url.pathname.startsWith(`${BASE_PATH}/`)
      ? url.pathname.slice(BASE_PATH.length)
      : url.pathname;
    const query: Record<string, string> = Object.fromEntries(url.searchParams);
    delete query.api_key;
    const entry = note(method, path, query);
    const struck = faults.take(path, query);
    const header = request.headers["x-api-key"];
    const asked: RouteRequest = {
      method,
      // Endpoints of version 2 exist below the base path only.
      path: path === url.pathname && path !== "/api/v1/offer/info" ? "" : path,
      query: url.searchParams,
      headerKey: typeof header === "string" ? header : undefined,
      at: entry.at.getTime(),
      body: method === "POST" ? await readBody(request) : "",
      meta: Object.assign({}, ...struck.map((fault) => (fault.kind === "meta" ? fault.meta : {}))),
    };
    const wait = struck.reduce((sum, fault) => sum + (fault.kind === "delay" ? fault.ms : 0), latencyMs);
    if (wait > 0) {
      await sleep(wait, undefined, { signal });
    }
    if (struck.some(({ kind }) => kind === "closeAfter")) {
      response.setHeader("connection", "close");
    }
    context.beforeResponse();
    if (
      path.startsWith(`${EXPORT_PATH}/`) &&
      struck.every((fault) => isModifier(fault) || fault.kind === "resetMidBody")
    ) {
      logger.debug(`${method} ${path}`);
      const isCut = struck.some(({ kind }) => kind === "resetMidBody");
      await context.exports.respond(request, response, path, isCut);
      entry.status = response.statusCode;
      return;
    }
    const right =
      path.startsWith(`${PICTURES_PATH}/`) && method === "GET"
        ? context.pictures.respond(path)
        : path === BANK_PATH
          ? bankResponse(context.now())
          : respond(world, asked, settings);
    const fault = struck.find((candidate) => !isModifier(candidate));
    logger.debug(`${method} ${path} ${new URLSearchParams(query)} ${fault?.kind ?? right.status}`);
    if (!fault) {
      entry.status = right.status;
      sendComplete(response, right);
      return;
    }
    if (!["reset", "hang"].includes(fault.kind)) {
      entry.status = distort(right, fault).status;
    }
    await sendFaulty(response, right, fault, signal);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // The client has disconnected, or the sandbox is closing.
      if (signal.aborted || response.destroyed) {
        return;
      }
      logger.error(`The sandbox failed: ${errorMessage(error)}`);
      const failed: SandboxResponse = jsonResponse(500, '{"message":"The sandbox failed"}');
      if (response.headersSent) {
        response.destroy();
      } else {
        sendComplete(response, failed);
      }
    });
  });
  server.keepAliveTimeout = context.keepAliveTimeoutMs;
  // Newer versions of Node wait a second longer than they announce.
  if ("keepAliveTimeoutBuffer" in server) {
    server.keepAliveTimeoutBuffer = 0;
  }
  return { server, requests };
}
