import { hash } from "node:crypto";
import { readVendored } from "../docs/files.ts";
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_POLICY } from "../docs/page.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { type EncodedBody, encodedBody } from "../http/response.ts";

/** The files change with the version of the package only. */
const FILES_CACHED = "public, max-age=3600";

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";
const STYLE = "text/css; charset=utf-8";

const FILES: Readonly<Record<string, () => Promise<EncodedBody>>> = {
  "page.js": async () => encodedBody(PAGE_JS, SCRIPT),
  "page.css": async () => encodedBody(PAGE_CSS, STYLE),
  "swagger-ui-bundle.js": async () => encodedBody(await readVendored("swagger-ui-bundle.js"), SCRIPT),
  "swagger-ui.css": async () => encodedBody(await readVendored("swagger-ui.css"), STYLE),
};

interface Tagged {
  readonly entity: EncodedBody;
  readonly etag: string;
}

/** `GET /docs` and its files: the API reference. Loads nothing from other hosts. */
export function docsRoutes(): Route[] {
  const loaded = new Map<string, Promise<Tagged>>();
  const fileOf = (name: string, load: () => Promise<EncodedBody>): Promise<Tagged> => {
    const known = loaded.get(name);
    if (known !== undefined) {
      return known;
    }
    const loading = load().then((entity) => ({
      entity,
      etag: hash("sha256", entity.bytes, "base64url").slice(0, 16),
    }));
    loaded.set(name, loading);
    loading.catch(() => loaded.delete(name));
    return loading;
  };

  return [
    {
      path: "/docs",
      access: "open",
      logged: () => "/docs",
      handle: ({ event }) => {
        if (event.url.pathname.endsWith("/")) {
          // The page names its files relative to its own address.
          return {
            status: 308,
            cacheControl: "no-store",
            headers: [["location", "../docs"]],
            load: () => encodedBody("", HTML),
          };
        }
        return {
          cacheControl: "no-cache",
          headers: [
            ["content-security-policy", PAGE_POLICY],
            ["referrer-policy", "no-referrer"],
            ["x-frame-options", "DENY"],
          ],
          load: () => encodedBody(PAGE_HTML, HTML),
        };
      },
    },
    {
      path: "/docs/:file",
      access: "open",
      logged: () => "/docs/*",
      handle: async ({ event }) => {
        const name = event.context.params?.file ?? "";
        const load = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
        if (load === undefined) {
          throw Problem.notFound("There is no such file.");
        }
        const { entity, etag } = await fileOf(name, load);
        return { cacheControl: FILES_CACHED, etag, load: () => entity };
      },
    },
  ];
}
