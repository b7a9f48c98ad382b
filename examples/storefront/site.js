// @ts-check
/** The pages of the site, as a web handler: static files, and the API behind `api/`. Loads no package. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

const PUBLIC = new URL("./public/", import.meta.url);

/** Files that are served; no other path reaches the disk. */
const FILES = {
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
  "app.js": "text/javascript; charset=utf-8",
  "api.js": "text/javascript; charset=utf-8",
  "cards.js": "text/javascript; charset=utf-8",
  "detail.js": "text/javascript; charset=utf-8",
  "dom.js": "text/javascript; charset=utf-8",
  "facets.js": "text/javascript; charset=utf-8",
  "favourites.js": "text/javascript; charset=utf-8",
  "format.js": "text/javascript; charset=utf-8",
  "list.js": "text/javascript; charset=utf-8",
  "search.js": "text/javascript; charset=utf-8",
};

/** Pictures may come from the CDN directly, when the API does not serve them (`api.images`). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https://*.autoimg.cn",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * @param {object} options
 * @param {(request: Request) => Promise<Response>} options.api from `createApiProxy`, with `basePath` the site's path and `api`
 * @param {string} [options.base] path of the site, with slashes at both ends
 * @returns {(request: Request) => Promise<Response>}
 */
export function createSite({ api, base = "/" }) {
  /** @type {Map<string, Promise<{ body: string, etag: string }>>} */
  const loaded = new Map();

  /** @param {string} name */
  const load = (name) => {
    let file = loaded.get(name);
    if (file === undefined) {
      file = readFile(new URL(name, PUBLIC), "utf8").then((text) => {
        const body = name === "index.html" ? text.replace('<base href="/">', `<base href="${base}">`) : text;
        return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"` };
      });
      loaded.set(name, file);
    }
    return file;
  };

  /**
   * @param {Request} request
   * @param {string} name
   * @param {string} type
   */
  const send = async (request, name, type) => {
    const { body, etag } = await load(name);
    const headers = {
      etag,
      "cache-control": "no-cache",
      "content-security-policy": POLICY,
      "content-type": type,
      "referrer-policy": "strict-origin-when-cross-origin",
      "x-content-type-options": "nosniff",
    };
    return request.headers.get("if-none-match") === etag
      ? new Response(null, { status: 304, headers })
      : new Response(request.method === "HEAD" ? null : body, { headers });
  };

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (`${pathname}/` === base) {
      return new Response(null, { status: 308, headers: { location: base } });
    }
    const path = pathname.startsWith(base) ? pathname.slice(base.length) : undefined;
    if (path?.startsWith("api/")) {
      return api(request);
    }
    if (path !== undefined && Object.hasOwn(FILES, path)) {
      return send(request, path, FILES[/** @type {keyof typeof FILES} */ (path)]);
    }
    const isPage = path !== undefined && /^(?:|favourites|car\/[^/]+)$/.test(path);
    return isPage
      ? send(request, "index.html", "text/html; charset=utf-8")
      : new Response("Not found", { status: 404, headers: { "content-type": "text/plain" } });
  };
}
