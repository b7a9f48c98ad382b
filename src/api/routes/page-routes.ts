import { hash } from "node:crypto";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { type EncodedBody, encodedBody } from "../http/response.ts";

/** The files change with the version of the package only. */
const FILES_CACHED = "public, max-age=3600";

const HTML = "text/html; charset=utf-8";
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/** A page for browsers with its files. It holds no data: its script asks for a token, and requests the data with it. */
export interface OpenPage {
  /** `/docs`; the files are below it, and the page names them relative to its own address. */
  readonly path: string;
  readonly html: () => Promise<Buffer | string> | string;
  readonly contentSecurityPolicy: string;
  /** By name; the extension gives the content type. */
  readonly files: Readonly<Record<string, () => Promise<Buffer | string> | string>>;
}

interface Tagged {
  readonly entity: EncodedBody;
  readonly etag: string;
}

/** The routes of a page, which need no token. */
export function pageRoutes({ path, html, contentSecurityPolicy, files }: OpenPage): Route[] {
  const loaded = new Map<string, Promise<Tagged>>();
  const fileOf = (name: string, load: () => Promise<Buffer | string> | string): Promise<Tagged> => {
    const known = loaded.get(name);
    if (known !== undefined) {
      return known;
    }
    const loading = (async () => {
      const entity = encodedBody(await load(), TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain");
      return { entity, etag: hash("sha256", entity.bytes, "base64url").slice(0, 16) };
    })();
    loaded.set(name, loading);
    loading.catch(() => loaded.delete(name));
    return loading;
  };

  return [
    {
      path,
      access: "open",
      logged: () => path,
      handle: async ({ event }) => {
        if (event.url.pathname.endsWith("/")) {
          return {
            status: 308,
            cacheControl: "no-store",
            headers: [["location", `..${path}`]],
            load: () => encodedBody("", HTML),
          };
        }
        const body = encodedBody(await html(), HTML);
        return {
          cacheControl: "no-cache",
          headers: [
            ["content-security-policy", contentSecurityPolicy],
            ["referrer-policy", "no-referrer"],
            ["x-frame-options", "DENY"],
          ],
          load: () => body,
        };
      },
    },
    {
      path: `${path}/:file`,
      access: "open",
      logged: () => `${path}/*`,
      handle: async ({ event }) => {
        const name = event.context.params?.file ?? "";
        const load = Object.hasOwn(files, name) ? files[name] : undefined;
        if (load === undefined) {
          throw Problem.notFound("There is no such file.");
        }
        const { entity, etag } = await fileOf(name, load);
        return { cacheControl: FILES_CACHED, etag, load: () => entity };
      },
    },
  ];
}
