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
    readonly base: string;
  }): (request: Request) => Promise<Response>;
}

/** `examples/storefront/site.js`, from the sources and from a built package. */
const findSite = (): URL | undefined =>
  ["..", "../..", "../../.."]
    .map((parent) => new URL(`${parent}/examples/storefront/site.js`, import.meta.url))
    .find((file) => existsSync(file));

/** The API with the example site below {@link STOREFRONT_PATH}; the API alone where the example is not installed. */
export async function openStorefront(
  api: H3,
  token: string,
): Promise<{ handler: H3; hasStorefront: boolean }> {
  const file = findSite();
  if (file === undefined) {
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
    base: `${STOREFRONT_PATH}/`,
  });
  const handler = new H3({ silent: true })
    .all(STOREFRONT_PATH, (event) => site(event.req))
    .all(`${STOREFRONT_PATH}/**`, (event) => site(event.req))
    .all("/**", (event) => api.fetch(event.req));
  return { handler, hasStorefront: true };
}
