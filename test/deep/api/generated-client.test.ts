import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, onTestFinished, test } from "vitest";
import { createApiHandler, startServer } from "../../../src/api/index.ts";
import { createDatabase } from "../../../src/database/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";

const MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const run = promisify(execFile);

/** A program that a user of the generated client writes; the second request must not compile. */
const PROGRAM = `
import createClient from "openapi-fetch";
import type { paths } from "./api.ts";

const [baseUrl = "", token = ""] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { authorization: "Bearer " + token }, querySerializer: { array: { style: "form", explode: false } } });
const { data, error } = await api.GET("/offers", { params: { query: { limit: 3, sort: "price", mark: ["BMW", "Audi"], lang: "ru" } } });
if (error !== undefined) {
  throw new Error(error.detail);
}
const [first] = data.result;
const id: string | undefined = first?.inner_id;
const one = await api.GET("/offers/{inner_id}", { params: { path: { inner_id: id ?? "" } } });
const none = await api.GET("/offers/{inner_id}", { params: { path: { inner_id: "none" } } });
const facets = await api.GET("/filters", {});
console.log(JSON.stringify([data.result.length, data.meta.limit, one.data?.inner_id === id, none.error?.code, facets.data?.total]));
// @ts-expect-error: there is no such path
await api.GET("/cars", {});
`;

test("a client that openapi-typescript generates compiles and reads the API", async () => {
  const database = await createDatabase({ dataDir: "memory://" });
  const rows = [...listings(80, { seed: 5 })];
  await insertListings(database, rows);
  const tokens = createTokens({ database });
  const [created] = await tokens.create();
  const server = await startServer({ handler: createApiHandler({ database, tokens }), port: 0 });
  const folder = await mkdtemp(join(tmpdir(), "che168-generated-"));
  onTestFinished(async () => {
    await server.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const token = created?.token ?? "";
  const description = await fetch(`${server.url}openapi.json`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await writeFile(join(folder, "api.ts"), astToString(await openapiTS(await description.text())));
  await writeFile(join(folder, "program.ts"), PROGRAM);
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await symlink(MODULES, join(folder, "node_modules"));
  const flags = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2024", "--module", "nodenext"];
  await run(
    process.execPath,
    [
      join(MODULES, "typescript/bin/tsc"),
      ...[...flags, "--allowImportingTsExtensions", "--lib", "es2024,dom", "--types", "node", "program.ts"],
    ].map((part) => (part === "program.ts" ? join(folder, part) : part)),
    { cwd: folder },
  );
  const { stdout } = await run(process.execPath, ["program.ts", server.url.replace(/\/$/, ""), token], {
    cwd: folder,
  });
  const listed = rows.filter((row) => row.active_status === 0 && !row.is_incomplete);
  const found = listed.filter(({ mark }) => mark === "BMW" || mark === "Audi");
  expect(JSON.parse(stdout)).toEqual([Math.min(3, found.length), 3, true, "not_found", listed.length]);
  expect(await readFile(join(folder, "api.ts"), "utf8")).toContain("export interface paths");
});
