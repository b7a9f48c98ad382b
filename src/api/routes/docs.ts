import { readVendored } from "../docs/files.ts";
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_POLICY } from "../docs/page.ts";
import type { HeaderReader } from "../http/client-address.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { encodedBody } from "../http/response.ts";
import { pageRoutes } from "./page-routes.ts";

/** A browser that opens a page, as opposed to a program. */
const asksForPage = (header: HeaderReader) => header("accept")?.includes("text/html") ?? false;

/** `/` leads browsers to `/docs`; other clients need a token to learn that there is nothing. */
const rootRoute: Route = {
  path: "/",
  access: "conditional",
  isOpen: ({ header }) => asksForPage(header),
  logged: () => "/",
  handle: ({ header }) => {
    if (!asksForPage(header)) {
      throw Problem.notFound("This path does not exist; openapi.json lists the paths that do.");
    }
    return {
      status: 302,
      cacheControl: "no-store",
      headers: [["location", "docs"]],
      load: () => encodedBody("", "text/html; charset=utf-8"),
    };
  },
};

/** `GET /docs` and its files: the API reference. Loads nothing from other hosts. */
export const docsRoutes = (): Route[] => [
  rootRoute,
  ...pageRoutes({
    path: "/docs",
    html: () => PAGE_HTML,
    contentSecurityPolicy: PAGE_POLICY,
    files: {
      "page.js": () => PAGE_JS,
      "page.css": () => PAGE_CSS,
      "swagger-ui-bundle.js": () => readVendored("swagger-ui-bundle.js"),
      "swagger-ui.css": () => readVendored("swagger-ui.css"),
    },
  }),
];
