import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import type { H3 } from "h3";
import { expect } from "vitest";
import type { Database } from "../../../src/database/index.ts";
import { type ApiHandlerOptions, createApiHandler } from "../../../src/index.ts";
import type { Logger } from "../../../src/logging/types.ts";
import { createTokens, type Tokens } from "../../../src/tokens/index.ts";

/** A response with its body parsed. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read it freely; its shape is validated against the OpenAPI document
  readonly body: any;
}

export interface ApiUnderTest {
  readonly app: H3;
  readonly tokens: Tokens;
  /** A valid token. */
  readonly token: string;
  /** Logged messages. */
  readonly lines: readonly string[];
  /** Sends a request, with the token unless `headers` contains another, and validates the response against the OpenAPI document. */
  ask(path: string, init?: { method?: string; headers?: Record<string, string> }): Promise<Reply>;
}

/** Headers that the OpenAPI document must list where they are sent. Others are HTTP's own, and those of CORS and safety. */
const DESCRIBED_HEADERS = [
  ...[
    "allow",
    "content-disposition",
    "etag",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
  ],
  ...["x-changes-after", "x-corrected-query", "x-request-id"],
];

interface Described {
  readonly paths: Record<string, { get: { responses: Record<string, DescribedResponse> } }>;
  readonly components: {
    readonly responses: Record<string, DescribedResponse>;
    readonly headers: Record<string, { readonly required?: boolean }>;
  };
}
interface DescribedResponse {
  readonly $ref?: string;
  readonly content?: Record<string, { schema: object }>;
  readonly headers?: Record<string, { readonly $ref: string }>;
}

/** Validates responses against an OpenAPI document: path, status, headers, type and body must all be described. */
export function responseValidator(document: unknown): (method: string, path: string, reply: Reply) => void {
  const { paths, components } = document as Described;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  for (const format of ["date-time", "date", "uri", "uri-reference"]) {
    ajv.addFormat(format, true);
  }
  ajv.addSchema(document as object, "api");
  const validators = new Map<string, ValidateFunction>();
  const pointer = (text: string) => text.replaceAll("~", "~0").replaceAll("/", "~1");

  const nameOf = ({ $ref = "" }: { readonly $ref?: string }) => $ref.split("/").at(-1) ?? "";
  const resolved = (response: DescribedResponse | undefined) =>
    response?.$ref ? components.responses[nameOf(response)] : response;

  /** Documented headers are sent unless they are optional; those sent are documented. */
  const checkHeaders = (described: DescribedResponse, headers: Headers, where: string) => {
    const listed = Object.entries(described.headers ?? {}).map(
      ([name, header]) => [name.toLowerCase(), components.headers[nameOf(header)]] as const,
    );
    const missing = listed.filter(([name, header]) => header?.required && !headers.has(name));
    const sent = DESCRIBED_HEADERS.filter((name) => headers.has(name));
    const unlisted = sent.filter((name) => !listed.some(([one]) => one === name));
    expect({ missing: missing.map(([name]) => name), unlisted }, where).toEqual({
      missing: [],
      unlisted: [],
    });
  };

  return (method, path, reply) => {
    const template = Object.keys(paths).find((one) =>
      new RegExp(`^${one.replaceAll(/\{\w+\}/g, "[^/]+").replaceAll(".", "\\.")}$`).test(
        path.split("?")[0] ?? "",
      ),
    );
    const { status, headers, body, text } = reply;
    const described = resolved(
      template === undefined ? undefined : paths[template]?.get.responses[String(status)],
    );
    if (described !== undefined) {
      checkHeaders(described, headers, `headers of ${method} ${path} ${status}`);
    }
    if (status === 304 || status === 204 || method === "HEAD") {
      expect(text).toBe("");
      return;
    }
    const type = headers.get("content-type") ?? "";
    let where = `api#/components/schemas/Problem`;
    let content = body;
    if (status === 200) {
      expect(described, `${status} of ${path} is not in the OpenAPI document`).toBeDefined();
      const [essence = ""] = type.split(";");
      expect(Object.keys(described?.content ?? {})).toContain(essence);
      where = `api#/paths/${pointer(template ?? "")}/get/responses/200/content/${pointer(essence)}/schema`;
      content = essence === "application/json" ? body : text;
    } else {
      expect(type).toBe("application/problem+json");
      expect(body.status).toBe(status);
      if (template !== undefined && (method === "GET" || status === 405)) {
        expect(described, `${status} of ${path} is not in the OpenAPI document`).toBeDefined();
        expect(described?.content).toHaveProperty([type]);
      }
    }
    let validate = validators.get(where);
    if (validate === undefined) {
      validate = ajv.compile({ $ref: where });
      validators.set(where, validate);
    }
    expect(validate(content) ? [] : validate.errors, `${method} ${path}: ${text.slice(0, 500)}`).toEqual([]);
  };
}

/** An API on a database, with a new token. */
export async function openApi(
  database: Database,
  options: ApiHandlerOptions["options"] = {},
  more: Pick<ApiHandlerOptions, "fetchPicture" | "webhooks"> = {},
): Promise<ApiUnderTest> {
  const tokens = createTokens({ database });
  const [created] = await tokens.create({ description: "test" });
  const token = created?.token ?? "";
  const lines: string[] = [];
  const log = (message: string) => void lines.push(message);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const unlimited = { rateLimit: { points: 1_000_000 } };
  const app = createApiHandler({ ...more, database, tokens, logger, options: { ...unlimited, ...options } });
  const described = await app.request("/openapi.json", { headers: { authorization: `Bearer ${token}` } });
  const check = responseValidator(await described.json());
  return {
    app,
    tokens,
    token,
    lines,
    ask: async (path, { method = "GET", headers = {} } = {}) => {
      const response = await app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
      const text = await response.text();
      const type = response.headers.get("content-type") ?? "";
      const plain = response.headers.get("content-encoding") === null;
      const body = plain && /[/+]json/.test(type) && text !== "" ? JSON.parse(text) : undefined;
      const reply = { status: response.status, headers: response.headers, text, body };
      if (plain) {
        check(method, path, reply);
      }
      return reply;
    },
  };
}
