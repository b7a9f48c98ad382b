import { chmodSync, chownSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { TestServer } from "../../../tools/postgres.ts";

const fixture = (name: string) => fileURLToPath(new URL(`./tls/${name}`, import.meta.url));

/** A self-signed certificate for `localhost` only. */
export const CERTIFICATE = fixture("server.crt");

/** Makes a server accept TLS with {@link CERTIFICATE} in addition to plain connections. */
export async function enableTls(server: TestServer): Promise<void> {
  const client = new Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    const { rows } = await client.query("select current_setting('data_directory') as directory");
    const { directory } = rows[0] as { directory: string };
    const { uid, gid } = statSync(directory);
    for (const name of ["server.crt", "server.key"]) {
      copyFileSync(fixture(name), join(directory, name));
      chmodSync(join(directory, name), 0o600);
      chownSync(join(directory, name), uid, gid);
    }
    await client.query("alter system set ssl = on");
    await client.query("select pg_reload_conf()");
  } finally {
    await client.end();
  }
}
