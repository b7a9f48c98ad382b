import { version } from "../../version.ts";
import { METHODS } from "../http/cors.ts";
import { MAX_SEARCH_LENGTH, type Route, type RouteDescription } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { isList, type Parameters, schemaOf } from "../query/parameter-types.ts";
import examples from "./examples.json" with { type: "json" };
import { type JsonSchema, SCHEMAS } from "./schemas.ts";

const EXAMPLES: Readonly<Record<string, unknown>> = {
  ...examples,
  Problem: JSON.parse(Problem.notFound("There is no listing with this inner_id.").toDocument("mJ3kP0aQ-1f")),
};

const ABOUT = `Used-car listings of che168.com, cleaned and with codes for everything that can be filtered by.

Every path requires an access token: \`Authorization: Bearer TOKEN\` or \`X-API-Key: TOKEN\`. \`RateLimit-Policy\` is the quota of
a token, \`RateLimit\` what remains of it. Responses carry an \`ETag\`: send it as \`If-None-Match\` to receive 304 while the data
is unchanged. Errors are problem documents (RFC 9457).`;

function parametersOf(parameters: Parameters): JsonSchema[] {
  return Object.entries(parameters).map(([name, { type, meaning, example }]) => {
    return {
      name,
      in: "query",
      required: false,
      // Not as `example`: Swagger UI would fill in all of them, and send a request that matches nothing.
      description: `${meaning} For example \`${example}\`.`,
      schema: schemaOf(type),
      ...(isList(type) ? { style: "form", explode: false } : {}),
    };
  });
}

/** Variables of paths. */
const PATH_PARAMETERS = {
  inner_id: {
    description: "Id of the listing at che168.com.",
    schema: { type: "string", minLength: 1, maxLength: 255 },
    example: "53692747",
  },
  n: {
    description: "Position among the listing's pictures, from 0.",
    schema: { type: "integer", minimum: 0, maximum: 99_999 },
    example: 0,
  },
};

const header = (description: string) => ({ description, schema: { type: "string" } });
const required = (description: string) => ({ ...header(description), required: true });
const HEADERS = {
  RequestId: required("Identifies the request in the log."),
  RateLimitPolicy: header(
    'Requests (q) per window of seconds (w): `"default";q=600;w=60`. Absent from responses to requests without a token.',
  ),
  RateLimit: header(
    'Requests that remain (r), and seconds until the window resets (t): `"default";r=599;t=60`. Absent from responses to requests without a token.',
  ),
  ETag: required("Version of the response, for `If-None-Match`."),
  ChangesAfter: required(
    "Id of the newest event that the data includes: `after` of the first request to `/changes`. Of a walk, that of its first page.",
  ),
  CorrectedQuery: header(
    "Percent-encoded: the text that was searched for instead of `q`, in which no listing matches; only with a corrected typo.",
  ),
  RetryAfter: required("Seconds to wait."),
  Allow: required("The methods of the path."),
  Authenticate: required("The scheme of the token, and the missing scope (RFC 6750)."),
  Disposition: required("The name of the file."),
};

const headers = (names: Readonly<Record<string, keyof typeof HEADERS>>) =>
  Object.fromEntries(
    Object.entries(names).map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]),
  );
const ALWAYS = { "X-Request-Id": "RequestId" } as const;
const LIMITS = { "RateLimit-Policy": "RateLimitPolicy", RateLimit: "RateLimit" } as const;
const AUTHENTICATE = { "WWW-Authenticate": "Authenticate" } as const;
const ALLOW = { Allow: "Allow" } as const;
const RETRY = { "Retry-After": "RetryAfter" } as const;

/** Identifies the request in the examples. */
const EXAMPLE_ID = "mJ3kP0aQ-1f";

const problem = (
  description: string,
  example: Problem,
  more: Readonly<Record<string, keyof typeof HEADERS>> = {},
) => ({
  description,
  headers: headers({ ...ALWAYS, ...more }),
  content: {
    "application/problem+json": {
      schema: { $ref: "#/components/schemas/Problem" },
      example: JSON.parse(example.toDocument(EXAMPLE_ID)),
    },
  },
});

/** The schemas with an example each: a real response about the sandbox. */
const withExamples = (schemas: Readonly<Record<string, JsonSchema>>) =>
  Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      name in EXAMPLES ? { ...schema, examples: [EXAMPLES[name]] } : schema,
    ]),
  );

function responsesOf(
  { response, tagged, missing, gone, failing, positioned, corrected, file }: RouteDescription,
  scope: Route["scope"],
): Record<string, unknown> {
  const always: Readonly<Record<string, keyof typeof HEADERS>> = {
    ...ALWAYS,
    ...LIMITS,
    ...(tagged ? { ETag: "ETag" } : {}),
    ...(positioned ? { "X-Changes-After": "ChangesAfter" } : {}),
  };
  return {
    200: {
      description: response.description,
      headers: headers({
        ...always,
        ...(corrected ? { "X-Corrected-Query": "CorrectedQuery" } : {}),
        ...(file ? { "Content-Disposition": "Disposition" } : {}),
      }),
      content: Object.fromEntries(
        [response.type ?? "application/json"].flat().map((type) => [type, { schema: response.schema }]),
      ),
    },
    ...(tagged
      ? { 304: { description: "Unchanged since the response with this ETag.", headers: headers(always) } }
      : {}),
    400: { $ref: "#/components/responses/Invalid" },
    401: { $ref: "#/components/responses/Unauthorized" },
    ...(scope === undefined ? {} : { 403: { $ref: "#/components/responses/Forbidden" } }),
    ...(missing === undefined ? {} : { 404: problem(missing, Problem.notFound(missing), LIMITS) }),
    405: { $ref: "#/components/responses/MethodNotAllowed" },
    ...(gone === undefined ? {} : { 410: problem(gone, Problem.gone(gone, { oldest: 4_711 }), LIMITS) }),
    414: { $ref: "#/components/responses/TooLong" },
    429: { $ref: "#/components/responses/TooMany" },
    500: { $ref: "#/components/responses/Failed" },
    ...(failing === undefined
      ? {}
      : { 502: problem(failing, Problem.badGateway(failing, undefined), LIMITS) }),
    503: { $ref: "#/components/responses/Unavailable" },
  };
}

/** The only operation of a path, GET. */
const describePath = (path: string, operation: RouteDescription, scope: Route["scope"]): JsonSchema => ({
  get: {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.details === undefined ? {} : { description: operation.details }),
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
        name,
        in: "path",
        required: true,
        ...PATH_PARAMETERS[name as keyof typeof PATH_PARAMETERS],
      })),
      ...parametersOf(operation.parameters),
    ],
    responses: responsesOf(operation, scope),
  },
});

/** Responses that the paths share. */
const RESPONSES = {
  Invalid: problem(
    "A parameter is unknown or invalid; `errors` names each and what is expected.",
    Problem.invalidParameters([
      {
        parameter: "engine_type",
        message: 'must be a code as in /filters (was "gasolin"); did you mean gasoline?',
      },
    ]),
    LIMITS,
  ),
  Unauthorized: problem("The access token is missing or invalid.", Problem.unauthorized(), AUTHENTICATE),
  Forbidden: problem("The access token lacks the scope that `detail` names.", Problem.forbidden("ops"), {
    ...LIMITS,
    ...AUTHENTICATE,
  }),
  MethodNotAllowed: problem("The path has no such method.", Problem.methodNotAllowed(METHODS), {
    ...LIMITS,
    ...ALLOW,
  }),
  TooLong: problem(
    `The query string has more than ${MAX_SEARCH_LENGTH} characters.`,
    Problem.queryTooLong(MAX_SEARCH_LENGTH),
    LIMITS,
  ),
  TooMany: problem(
    "Too many requests, or too many invalid tokens.",
    Problem.tooMany("The rate limit of this token is reached; RateLimit-Policy states it.", 12),
    { ...LIMITS, ...RETRY },
  ),
  Failed: problem(
    "An unexpected error; the log has details under `request_id`.",
    Problem.internal(undefined),
    LIMITS,
  ),
  Unavailable: problem(
    "By `code`: the database is `unavailable`; too many requests of this token wait for it (`queue_full`); or the request exceeds the time limit of a statement (`statement_timeout`).",
    Problem.tooManyWaiting(),
    { ...LIMITS, ...RETRY },
  ),
};

/** The OpenAPI 3.1 document, derived from the routes and their parameters. */
export function describeApi(routes: readonly Route[]): JsonSchema {
  const described = routes.flatMap(({ path, operation, scope }) =>
    operation === undefined ? [] : [{ path, operation, scope }],
  );
  return {
    openapi: "3.1.0",
    info: { title: "che168-sync", version, description: ABOUT, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "." }],
    security: [{ bearer: [] }, { apiKey: [] }],
    tags: [
      { name: "Listings", description: "Cars for sale." },
      { name: "Service", description: "State of the service." },
    ],
    paths: Object.fromEntries(
      described.map(({ path, operation, scope }) => [
        path.replaceAll(/:(\w+)/g, "{$1}"),
        describePath(path, operation, scope),
      ]),
    ),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
      headers: HEADERS,
      responses: RESPONSES,
      schemas: withExamples(SCHEMAS),
    },
  };
}
