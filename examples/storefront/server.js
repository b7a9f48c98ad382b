// @ts-check
/** Serves the site: API_URL and API_TOKEN name the API, PORT the port. The token stays on this server. */
import { createServer } from "node:http";
import { toNodeHandler } from "che168-sync";
import { createApiProxy } from "che168-sync/api-proxy";
import { createSite } from "./site.js";

const api = createApiProxy({
  baseUrl: process.env.API_URL ?? "http://127.0.0.1:8000",
  token: process.env.API_TOKEN ?? "",
  basePath: "/api",
  // Number of reverse proxies in front, so that clients are limited by their own address.
  trustProxy: Number(process.env.TRUST_PROXY ?? 0),
  logger: console,
});
const site = createSite({ api, client: import.meta.resolve("che168-sync/api-client") });

const server = createServer(toNodeHandler({ fetch: site }));
server.listen(Number(process.env.PORT ?? 3000), process.env.HOST ?? "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`Listening on http://127.0.0.1:${port}/`);
});
