import { isDay } from "../../util/days.ts";
import { A_DAY, mustBe } from "../../util/must-be.ts";
import type { SandboxOptions } from "../types.ts";
import type { World } from "../world/world.ts";
import { jsonResponse, type SandboxResponse } from "./fault-effects.ts";
import { ParameterError, readOfferFilters } from "./filters.ts";
import type { CallLimit } from "./offer-limit.ts";

/** Base path of the service's version 2. */
export const BASE_PATH = "/api/v2/che168";

/** Path of the older call for one listing, outside of {@link BASE_PATH}. */
export const INFO_PATH = "/api/v1/offer/info";

/** A request, as the endpoints receive it. */
export interface RouteRequest {
  readonly method: string;
  /** Without the base path: `/offers`; empty for a path outside of it. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The header `x-api-key`. */
  readonly headerKey: string | undefined;
  /** Arrival time in milliseconds. */
  readonly at: number;
  /** Of a POST, as text. */
  readonly body: string;
  /** Merged into the response's `meta`. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Behaviour of the endpoints. */
export interface RouteSettings {
  readonly pageSize: number;
  readonly apiKey: string | undefined;
  readonly feedEnd: NonNullable<SandboxOptions["feedEnd"]>;
  readonly offerForm: NonNullable<SandboxOptions["offerForm"]>;
  readonly offerLimit: CallLimit;
}

const error = (status: number, message: string, headers?: Record<string, string>) =>
  jsonResponse(status, JSON.stringify({ message }), headers);

const COMMA = Buffer.from(",");
const OPENING = Buffer.from('{"result":[');

/** `{result:[…], meta}` from records that are JSON text. */
function list(records: readonly (readonly Buffer[])[], meta: object): SandboxResponse {
  const pieces: Buffer[] = [OPENING];
  for (const [index, record] of records.entries()) {
    if (index > 0) {
      pieces.push(COMMA);
    }
    for (const piece of record) {
      pieces.push(piece);
    }
  }
  pieces.push(Buffer.from(`],"meta":${JSON.stringify(meta)}}`));
  return jsonResponse(200, Buffer.concat(pieces));
}

/** @throws ParameterError unless the parameter is a whole number of at least `minimum` */
function whole(query: URLSearchParams, name: string, minimum: number): number {
  const text = query.get(name);
  if (text === null || text === "") {
    throw new ParameterError(`${name} is required`);
  }
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= minimum)) {
    throw new ParameterError(`${name} must be a whole number of at least ${minimum}`);
  }
  return value;
}

function offers(world: World, { query, meta }: RouteRequest, { pageSize }: RouteSettings): SandboxResponse {
  const page = whole(query, "page", 1);
  const filters = readOfferFilters(query);
  const from = (page - 1) * pageSize;
  const next = from + pageSize < world.catalogue.total(filters) ? page + 1 : null;
  const records = world.catalogue.page(from, pageSize, filters);
  return list(records, { page, next_page: next, limit: pageSize, ...meta });
}

function changes(world: World, request: RouteRequest, { pageSize, feedEnd }: RouteSettings): SandboxResponse {
  const current = whole(request.query, "change_id", 0);
  const { entries, next } = world.feed.page(current, pageSize);
  const after = Math.max(current, world.feed.endId);
  const end = { null: null, equal: current, empty: entries.length > 0 ? after : current }[feedEnd];
  return list(
    entries.map((entry) => entry.text()),
    { cur_change_id: current, next_change_id: next ?? end, limit: pageSize, ...request.meta },
  );
}

function changeId(world: World, { query }: RouteRequest): SandboxResponse {
  const date = query.get("date") ?? "";
  if (!isDay(date)) {
    throw new ParameterError(`date ${mustBe(A_DAY, date)}`);
  }
  return jsonResponse(200, JSON.stringify({ change_id: world.feed.firstOf(date) }));
}

/** One listing in the configured form. */
function single(world: World, innerId: string, form: RouteSettings["offerForm"]): SandboxResponse {
  const data = world.offer(innerId);
  if (!data) {
    return error(404, `No listing ${innerId}`);
  }
  if (form === "bare") {
    return jsonResponse(200, Buffer.concat(data));
  }
  const id = JSON.stringify(innerId);
  const [before, after] = {
    result: ['{"result":', "}"],
    record: [`{"inner_id":${id},"data":`, "}"],
    list: [`{"result":[{"inner_id":${id},"data":`, '}],"meta":{"limit":20}}'],
  }[form];
  return jsonResponse(
    200,
    Buffer.concat([Buffer.from(before as string), ...data, Buffer.from(after as string)]),
  );
}

function offer(
  world: World,
  { query, at }: RouteRequest,
  { offerForm, offerLimit }: RouteSettings,
): SandboxResponse {
  const waitSeconds = offerLimit.take(at);
  if (waitSeconds > 0) {
    return error(429, "Too Many Attempts.", { "retry-after": String(waitSeconds) });
  }
  const innerId = query.get("inner_id")?.trim();
  if (!innerId) {
    throw new ParameterError("inner_id is required");
  }
  return single(world, innerId, offerForm);
}

function offerInfo(world: World, { body }: RouteRequest, { offerForm }: RouteSettings): SandboxResponse {
  let url: unknown;
  try {
    url = (JSON.parse(body) as { url?: unknown } | null)?.url;
  } catch {
    throw new ParameterError("the body must be JSON");
  }
  const innerId = typeof url === "string" ? /che168\.com\/.*?(\d+)\.html/.exec(url)?.[1] : undefined;
  if (!innerId) {
    throw new ParameterError("url must be the address of a listing on che168.com");
  }
  return single(world, innerId, offerForm);
}

type Endpoint = (world: World, request: RouteRequest, settings: RouteSettings) => SandboxResponse;

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/filters": (world) => jsonResponse(200, JSON.stringify(world.filters())),
  "/offers": offers,
  "/change_id": changeId,
  "/changes": changes,
  "/offer": offer,
  [INFO_PATH]: offerInfo,
};

/** The service's response to a request. Never throws for any request. */
export function respond(world: World, request: RouteRequest, settings: RouteSettings): SandboxResponse {
  const endpoint = Object.hasOwn(ENDPOINTS, request.path) ? ENDPOINTS[request.path] : undefined;
  if (!endpoint) {
    return error(404, request.path === "" ? "Source not found" : "No such path");
  }
  const isPost = request.path === INFO_PATH;
  const method = isPost ? "POST" : "GET";
  if (request.method !== method) {
    return error(405, `Use ${method}`, { allow: method });
  }
  const key = isPost ? request.headerKey : (request.headerKey ?? request.query.get("api_key"));
  if (!key || (settings.apiKey !== undefined && key !== settings.apiKey)) {
    return error(401, "Invalid API key");
  }
  try {
    return endpoint(world, request, settings);
  } catch (problem) {
    if (problem instanceof ParameterError) {
      const { message } = problem;
      return jsonResponse(422, JSON.stringify({ message: "Validation failed", errors: [message] }));
    }
    throw problem;
  }
}
