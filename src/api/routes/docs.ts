import { readVendored } from "../docs/files.ts";
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_POLICY } from "../docs/page.ts";
import type { Route } from "../http/pipeline.ts";
import { pageRoutes } from "./page-routes.ts";

/** `GET /docs` and its files: the API reference. Loads nothing from other hosts. */
export const docsRoutes = (): Route[] =>
  pageRoutes({
    path: "/docs",
    html: () => PAGE_HTML,
    contentSecurityPolicy: PAGE_POLICY,
    files: {
      "page.js": () => PAGE_JS,
      "page.css": () => PAGE_CSS,
      "swagger-ui-bundle.js": () => readVendored("swagger-ui-bundle.js"),
      "swagger-ui.css": () => readVendored("swagger-ui.css"),
    },
  });
