import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { openExport } from "../../../src/export-file/index.ts";
import { freePort } from "../../../tools/free-port.ts";
import { failureOf, KEY, startClient } from "../../support/sandbox/http-service.ts";

const TLS = new URL("../../support/postgres/tls/", import.meta.url);

const ONE_ATTEMPT = { retry: { attempts: 1 } };

test("a closed port: the message names host and port, the settings, the network and the proxy", async () => {
  const port = await freePort();
  const { client } = startClient({ baseUrl: `http://localhost:${port}/api/v2/che168` }, ONE_ATTEMPT);
  const { message } = await failureOf(client.filters());
  expect(message).toMatch(new RegExp(`the connection to localhost:${port} failed: .*ECONNREFUSED`));
  expect(message).toContain(
    "check CHE168_BASE_URL or CHE168_ACCESS_NAME, the network, the firewall, and whether a proxy is needed (HTTPS_PROXY)",
  );
  expect(message).not.toContain(KEY);
});

test("a certificate of an unknown authority: the message names the host and how to trust it", async () => {
  const [key, cert] = await Promise.all(
    ["server.key", "server.crt"].map((file) => readFile(new URL(file, TLS))),
  );
  const server = createServer({ key, cert }, (_request, response) => response.end("{}")).listen(
    0,
    "127.0.0.1",
  );
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const { client } = startClient({ baseUrl: `https://127.0.0.1:${port}` }, ONE_ATTEMPT);
  const error = await failureOf(client.filters());
  expect(error).toMatchObject({ code: "UPSTREAM_NETWORK" });
  expect(error.message).toMatch(
    new RegExp(
      `the connection to 127\\.0\\.0\\.1:${port} failed: .*; the certificate is not accepted: check CHE168_BASE_URL.*NODE_EXTRA_CA_CERTS`,
    ),
  );
});

test("the daily files: the message names their host and setting, never the password", async () => {
  const port = await freePort();
  const remote = {
    account: { url: `http://localhost:${port}/export`, user: "shop", password: "s3cret-password" },
    retry: { attempts: 1 },
  };
  const error = await failureOf(openExport({ remote }, { timezone: "Europe/Moscow" }));
  expect(error).toMatchObject({ code: "UPSTREAM_NETWORK" });
  expect(error.message).toMatch(
    new RegExp(
      `the connection to localhost:${port} failed: .*ECONNREFUSED.*; check CHE168_EXPORT_URL, the network`,
    ),
  );
  expect(error.message).not.toMatch(/s3cret|shop:/);
});
