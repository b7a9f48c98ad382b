import { existsSync } from "node:fs";
import { H3 } from "h3";
import { createApiProxy } from "../api-proxy/index.ts";

/** Path of the example site beside the API. */
export const STOREFRONT_PATH = "/shop";

/** The demo has one user. */
const POINTS = 100_000;

interface Site {
  createSite(options: {
    readonly api: (request: Request) => Promise<Response>;
    readonly client: URL;
    readonly base: string;
  }): (request: Request) => Promise<Response>;
}

/** A file of the package, from the sources and from a built package. */
const findFile = (path: string): URL | undefined =>
  ["..", "../..", "../../.."]
    .map((parent) => new URL(`${parent}/${path}`, import.meta.url))
    .find((file) => existsSync(file));

/**
 * The API with the example site below {@link STOREFRONT_PATH}; the API alone where the example is not installed, or the client
 * that its pages load is not built.
 */
export async function openStorefront(
  api: H3,
  token: string,
): Promise<{ handler: H3; hasStorefront: boolean }> {
  const file = findFile("examples/storefront/site.js");
  const client = findFile("dist/api-client.mjs");
  if (file === undefined || client === undefined) {
    return { handler: api, hasStorefront: false };
  }
  const { createSite } = (await import(file.href)) as Site;
  const site = createSite({
    api: createApiProxy({
      handler: api,
      token,
      basePath: `${STOREFRONT_PATH}/api`,
      rateLimit: { points: POINTS },
    }),
    client,
    base: `${STOREFRONT_PATH}/`,
  });
  const handler = new H3({ silent: true })
    .all(STOREFRONT_PATH, (event) => site(event.req))
    .all(`${STOREFRONT_PATH}/**`, (event) => site(event.req))
    .all("/**", (event) => api.fetch(event.req));
  return { handler, hasStorefront: true };
}
