import { PRIVATE } from "../answer.ts";
import type { ApiContext } from "../context.ts";
import type { Route } from "../endpoint.ts";
import { jsonEntity } from "../entity.ts";
import { shortHash } from "../hash.ts";
import { describeApi } from "../openapi.ts";
import { readParameters } from "../parameters.ts";

/** `GET /openapi.json`: the description of the other routes and of itself. */
export function openapiRoute(_context: ApiContext, others: readonly Route[]): Route {
  const route: Route = {
    path: "/openapi.json",
    access: "token",
    operation: {
      id: "getDescription",
      tag: "Service",
      summary: "This description",
      parameters: {},
      answer: { description: "An OpenAPI 3.1 document.", schema: { type: "object" } },
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
    return { entity: jsonEntity(text), etag: shortHash(text) };
  };
  let document: ReturnType<typeof describe> | undefined;
  return route;
}
