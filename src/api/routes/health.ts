import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";

/** `GET /health`: 200 while the database responds, else 503. */
export function healthRoute(_context: ApiContext): Route {
  return {
    path: "/health",
    access: "machine",
    operation: {
      id: "getHealth",
      tag: "Service",
      summary: "Whether the service is available",
      details: "Requests from the machine itself need no token.",
      parameters: {},
      response: { description: "The database responds.", schema: { $ref: "#/components/schemas/Health" } },
      tagged: false,
    },
    logged: () => "/health",
    handle: async ({ search }, snapshot) => {
      readParameters({}, search.query);
      const { shared } = await snapshot();
      await shared.read((db) => db.query("select 1"));
      return { cacheControl: "no-store", load: () => jsonBody('{"status":"ok"}') };
    },
  };
}
