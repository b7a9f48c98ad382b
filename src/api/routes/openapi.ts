import type { ApiContext } from "../api-context.ts";
import { shortHash } from "../cache/hash.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody, PRIVATE } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";
import { describeApi } from "../schema/openapi.ts";

/** `GET /openapi.json`: the description of all routes, itself included. */
export function openapiRoute(_context: ApiContext, others: readonly Route[]): Route {
  const route: Route = {
    path: "/openapi.json",
    access: "token",
    operation: {
      id: "getDescription",
      tag: "Service",
      summary: "This description",
      parameters: {},
      response: { description: "An OpenAPI 3.1 document.", schema: { type: "object" } },
      tagged: true,
    },
    logged: () => "/openapi.json",
    handle: ({ search }) => {
      readParameters({}, search.query);
      document ??= describe();
      const { entity, etag } = document;
      return { cacheControl: PRIVATE, etag, load: () => entity };
    },
  };
  const describe = () => {
    const text = JSON.stringify(describeApi([...others, route]));
    return { entity: jsonBody(text), etag: shortHash(text) };
  };
  let document: ReturnType<typeof describe> | undefined;
  return route;
}
