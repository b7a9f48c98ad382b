import type { ApiContext } from "../api-context.ts";
import type { Route } from "../http/pipeline.ts";
import { jsonBody } from "../http/response.ts";
import { readParameters } from "../query/parameters.ts";

/** `GET /health`: 200 while the database answers, else 503. */
export function healthRoute({ sources }: ApiContext): Route {
  return {
    path: "/health",
    access: "machine",
    operation: {
      id: "getHealth",
      tag: "Service",
      summary: "Whether the service can answer",
      details: "Asked from the machine itself it needs no token.",
      parameters: {},
      answer: { description: "The database answers.", schema: { $ref: "#/components/schemas/Health" } },
      tagged: false,
    },
    logged: () => "/health",
    handle: async (request) => {
      readParameters({}, request.search.query);
      const { read } = await sources.look(request);
      await read((db) => db.query("select 1"));
      return { cacheControl: "no-store", load: () => jsonBody('{"status":"ok"}') };
    },
  };
}
