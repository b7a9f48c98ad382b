import { DASHBOARD_FILES } from "../dashboard/files.ts";
import type { Route } from "../http/pipeline.ts";
import { readPackaged } from "../packaged-files.ts";
import { pageRoutes } from "./page-routes.ts";

/** This host's files and requests only; no inline scripts or styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `GET /dashboard` and its files: the state of the copy, from `/stats` and `/stats/daily`. */
export const dashboardRoutes = (): Route[] =>
  pageRoutes({
    path: "/dashboard",
    html: () => readPackaged(DASHBOARD_FILES, "page.html"),
    contentSecurityPolicy: POLICY,
    files: Object.fromEntries(
      DASHBOARD_FILES.names
        .filter((name) => /\.(?:js|css)$/.test(name))
        .map((name) => [name, () => readPackaged(DASHBOARD_FILES, name)]),
    ),
  });
