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
import { type Fault, type Faults, isModifier } from "./faults.ts";
import { BASE_PATH, INFO_PATH, type RouteRequest, type RouteSettings, respond } from "./routes.ts";

/** Longer bodies are read as empty. */
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

  function record(method: string, path: string, query: Readonly<Record<string, string>>) {
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
    const isBelowBase = url.pathname.startsWith(`${BASE_PATH}/`);
    const path = isBelowBase ? url.pathname.slice(BASE_PATH.length) : url.pathname;
    const query: Record<string, string> = Object.fromEntries(url.searchParams);
    delete query.api_key;
    const entry = record(method, path, query);
    const applied = faults.take(path, query);
    const header = request.headers["x-api-key"];
    const routeRequest: RouteRequest = {
      method,
      // Endpoints of version 2 exist below the base path only.
      path: isBelowBase || path === INFO_PATH ? path : "",
      query: url.searchParams,
      headerKey: typeof header === "string" ? header : undefined,
      at: entry.at.getTime(),
      body: method === "POST" ? await readBody(request) : "",
      meta: Object.assign({}, ...applied.map((fault) => (fault.kind === "meta" ? fault.meta : {}))),
    };
    await delay(applied);
    if (applied.some(({ kind }) => kind === "closeAfter")) {
      response.setHeader("connection", "close");
    }
    context.beforeResponse();
    const fault = applied.find((candidate) => !isModifier(candidate));
    if (path.startsWith(`${EXPORT_PATH}/`) && (fault === undefined || fault.kind === "resetMidBody")) {
      logger.debug(`${method} ${path}`);
      await context.exports.respond(request, response, path, fault !== undefined);
      entry.status = response.statusCode;
      return;
    }
    const correct = correctResponse(path, routeRequest);
    logger.debug(`${method} ${path} ${new URLSearchParams(query)} ${fault?.kind ?? correct.status}`);
    if (!fault) {
      entry.status = correct.status;
      sendComplete(response, correct);
      return;
    }
    if (!["reset", "hang"].includes(fault.kind)) {
      entry.status = distort(correct, fault).status;
    }
    await sendFaulty(response, correct, fault, signal);
  }

  async function delay(applied: readonly Fault[]): Promise<void> {
    const ms = applied.reduce((sum, fault) => sum + (fault.kind === "delay" ? fault.ms : 0), latencyMs);
    if (ms > 0) {
      await sleep(ms, undefined, { signal });
    }
  }

  /** The response without faults. */
  function correctResponse(path: string, request: RouteRequest): SandboxResponse {
    if (path.startsWith(`${PICTURES_PATH}/`) && request.method === "GET") {
      return context.pictures.respond(path);
    }
    return path === BANK_PATH ? bankResponse(context.now()) : respond(world, request, settings);
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
