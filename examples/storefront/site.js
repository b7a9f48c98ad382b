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

/** The files of the API client in the package. */
const CLIENT = /^client\/((?:api-client|shared\/[\w.-]+)\.mjs)$/;

/** The only script inside the page: it names the file of the client. */
const IMPORT_MAP = /<script type="importmap">(.*?)<\/script>/s;

/**
 * Pictures may come from the CDN directly, when the API does not serve them (`api.images`).
 *
 * @param {string} page
 */
const policyOf = (page) =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${createHash("sha256")
      .update(IMPORT_MAP.exec(page)?.[1] ?? "")
      .digest("base64")}'`,
    "style-src 'self'",
    "img-src 'self' https://*.autoimg.cn",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

const notFound = () => new Response("Not found", { status: 404, headers: { "content-type": "text/plain" } });

/**
 * @param {object} options
 * @param {(request: Request) => Promise<Response>} options.api from `createApiProxy`, with `basePath` the site's path and `api`
 * @param {URL | string} options.client address of the file of `che168-sync/api-client`
 * @param {string} [options.base] path of the site, with slashes at both ends
 * @returns {(request: Request) => Promise<Response>}
 */
export function createSite({ api, client, base = "/" }) {
  /** @type {Map<string, Promise<{ body: string, etag: string }>>} */
  const loaded = new Map();
  const policy = readFile(new URL("index.html", PUBLIC), "utf8").then(policyOf);

  /** @param {URL} address */
  const load = (address) => {
    let file = loaded.get(address.href);
    if (file === undefined) {
      file = readFile(address, "utf8").then((text) => {
        const body = text.replace('<base href="/">', `<base href="${base}">`);
        return { body, etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"` };
      });
      // Failures are not cached.
      file.catch(() => loaded.delete(address.href));
      loaded.set(address.href, file);
    }
    return file;
  };

  /**
   * @param {Request} request
   * @param {URL} address
   * @param {string} type
   */
  const send = async (request, address, type) => {
    const { body, etag } = await load(address);
    const headers = {
      etag,
      "cache-control": "no-cache",
      "content-security-policy": await policy,
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
      return send(request, new URL(path, PUBLIC), FILES[/** @type {keyof typeof FILES} */ (path)]);
    }
    const module = CLIENT.exec(path ?? "")?.[1];
    if (module !== undefined) {
      return send(request, new URL(module, client), FILES["app.js"]).catch(notFound);
    }
    const isPage = path !== undefined && /^(?:|favourites|car\/[^/]+)$/.test(path);
    return isPage ? send(request, new URL("index.html", PUBLIC), "text/html; charset=utf-8") : notFound();
  };
}
