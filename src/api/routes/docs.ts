import { DOCS_FILES } from "../docs/files.ts";
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_POLICY } from "../docs/page.ts";
import type { HeaderReader } from "../http/client-address.ts";
import type { Route } from "../http/pipeline.ts";
import { encodedBody, jsonBody } from "../http/response.ts";
import { readPackaged } from "../packaged-files.ts";
import { pageRoutes } from "./page-routes.ts";

/** A browser that opens a page, as opposed to a program. */
const asksForPage = (header: HeaderReader) => header("accept")?.includes("text/html") ?? false;

/** `/` redirects browsers to `/docs`, and gives programs the addresses of both descriptions. */
const rootRoute: Route = {
  path: "/",
  access: "open",
  logged: () => "/",
  handle: ({ header }) =>
    asksForPage(header)
      ? {
          status: 302,
          cacheControl: "no-store",
          headers: [["location", "docs"]],
          load: () => encodedBody("", "text/html; charset=utf-8"),
        }
      : { cacheControl: "no-store", load: () => jsonBody('{"docs":"docs","openapi":"openapi.json"}') },
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
      "swagger-ui-bundle.js": () => readPackaged(DOCS_FILES, "swagger-ui-bundle.js"),
      "swagger-ui.css": () => readPackaged(DOCS_FILES, "swagger-ui.css"),
    },
  }),
];
