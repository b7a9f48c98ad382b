import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDatabase } from "../../../src/database/index.ts";
import { startPostgres, type TestServer } from "../../../tools/postgres.ts";
import { open, urlOf } from "../../support/database/opening.ts";
import { CERTIFICATE, enableTls } from "../../support/postgres/tls.ts";

describe("TLS", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
    await enableTls(server);
  });
  afterAll(() => server.destroy());

  const url = (parameters: string, host = "localhost") =>
    `${server.url("tls").replace("127.0.0.1", host)}?${parameters}`;
  const isEncrypted = async (parameters: string): Promise<unknown> => {
    const database = await open({ url: url(parameters) });
    const { rows } = await database.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    return rows[0]?.ssl;
  };

  test.each([
    ["disable", "sslmode=disable", false],
    ["require: any certificate", "sslmode=require", true],
    ["no-verify: any certificate", "sslmode=no-verify", true],
    ["verify-ca with the authority", `sslmode=verify-ca&sslrootcert=${CERTIFICATE}`, true],
    ["verify-full with the authority", `sslmode=verify-full&sslrootcert=${CERTIFICATE}`, true],
    ["require with the authority", `sslmode=require&sslrootcert=${CERTIFICATE}`, true],
  ])("%s", async (_name, parameters, encrypted) => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on("warning", warn);
    onTestFinished(() => {
      process.off("warning", warn);
    });
    expect(await isEncrypted(parameters)).toBe(encrypted);
    expect(warnings).toEqual([]);
  });

  test("verify-full rejects a self-signed certificate, and names sslrootcert and no-verify", async () => {
    await expect(createDatabase({ url: url("sslmode=verify-full") })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/self-signed.*sslrootcert=FILE.*sslmode=no-verify/),
    });
  });

  test("verify-full rejects another host name; verify-ca accepts it", async () => {
    const at = (mode: string) => ({ url: url(`sslmode=${mode}&sslrootcert=${CERTIFICATE}`, "127.0.0.1") });
    await expect(createDatabase(at("verify-full"))).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringContaining("verify-ca"),
    });
    await open(at("verify-ca"));
  });

  test("an unreadable certificate, an unknown mode and verify-ca without a certificate are configuration errors", async () => {
    for (const [parameters, words] of [
      ["sslmode=verify-full&sslrootcert=/no/such.crt", /\/no\/such\.crt cannot be read \(ENOENT\)/],
      ["sslmode=strict", /sslmode must be one of .*verify-full.* \(is "strict"\)/],
      ["sslmode=verify-ca", /needs sslrootcert/],
    ] as const) {
      const opening = createDatabase({ url: url(parameters) });
      await expect(opening, parameters).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      await expect(opening).rejects.toThrow(words);
    }
  });

  test("a server without TLS is an error that names the setting", async () => {
    await expect(createDatabase({ url: `${urlOf("postgres")}?sslmode=require` })).rejects.toMatchObject({
      code: "DATABASE_UNUSABLE",
      message: expect.stringMatching(/does not support SSL.*Enable ssl/),
    });
  });
});
