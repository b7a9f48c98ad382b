import { type ChildProcess, spawn } from "node:child_process";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { type InstalledProject, installPackage, runNode } from "../../support/package/installed.ts";
import { offers, serve } from "../../support/sandbox/service.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples", import.meta.url));
const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const FRAMEWORKS = ["@types/express", "express", "fastify", "hono", "pino"];

let project: InstalledProject;
let database: { url: string; drop: () => Promise<void> };

beforeAll(async () => {
  const manifest = JSON.parse(await readFile(new URL("../../../package.json", import.meta.url), "utf8"));
  const versions = FRAMEWORKS.map((name) => `${name}@${manifest.devDependencies[name]}`);
  database = await freshServerDatabase();
  project = await installPackage(versions);
  await cp(EXAMPLES, project.dir, { recursive: true });
});
afterAll(async () => {
  await project?.remove();
  await database?.drop();
});

/** Complete listings of the service. */
const cars = offers(30);

async function account(): Promise<Record<string, string>> {
  const sandbox = await serve({ offers: cars });
  return { CHE168_BASE_URL: sandbox.baseUrl, CHE168_API_KEY: "key", DATABASE_URL: database.url };
}

/** Output of the strict type checker. */
async function typesOf(names: readonly string[], skipLibCheck: boolean): Promise<string> {
  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "esnext"];
  const checked = await runNode(project, [
    ...[TSC, ...flags, "--skipLibCheck", String(skipLibCheck), ...names],
  ]).catch(({ stdout }: { stdout: string }) => ({ stdout }));
  return checked.stdout;
}

/** Imports MikroORM, whose types need `@types/pg` and `Temporal` from the application. */
const OVER_MIKRO_ORM = "existing-orm.ts";

test("every example passes a strict type check, libraries included", async () => {
  const names = (await readdir(EXAMPLES)).filter((name) => name.endsWith(".ts"));
  expect(names).toContain(OVER_MIKRO_ORM);
  const others = names.filter((name) => name !== OVER_MIKRO_ORM);
  expect(await typesOf(others, false)).toBe("");
  expect(await typesOf([OVER_MIKRO_ORM], true)).toBe("");
});

let printed: Promise<string> | undefined;
/** Output of embed.ts, which runs once. */
function embed(): Promise<string> {
  printed ??= account().then(async (env) => (await runNode(project, ["embed.ts"], env)).stdout);
  return printed;
}
const tokenOf = async () => /Token: (\w{16})/.exec(await embed())?.[1] ?? "";

describe("inside another application", () => {
  test("embed.ts loads, updates, normalises and creates a token", async () => {
    expect(await embed()).toMatch(
      /^Loaded 30 listings in \d+ pages: OK\nRead 0 changes, normalised 30 listings\nToken: \w{16}\n$/,
    );
  });

  test("own-logger.ts writes log lines with pino", async () => {
    const { stdout } = await runNode(project, ["own-logger.ts"], await account());
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.every(({ app, level }) => app === "importer" && level === 30)).toBe(true);
    expect(lines.map(({ msg }) => msg)).toContain("Applied the migration 0001-initial-schema");
  });

  test("one-step.ts normalises a page without a database", async () => {
    const { stdout } = await runNode(project, ["one-step.ts"], await account());
    expect(stdout.trim().split("\n")).toHaveLength(20);
    expect(stdout).toMatch(/^Kia K2 .*: 1001 CNY/);
  });

  test("existing-orm.ts leaves the application's ORM open", async () => {
    const { stdout } = await runNode(project, ["existing-orm.ts"], await account());
    expect(stdout).toBe("Tokens; my ORM is open\n");
  });
});

/** Starts an example with a server; returns its address. */
function start(name: string, env: Record<string, string>): Promise<string> {
  const { PATH = "" } = process.env;
  const child: ChildProcess = spawn(process.execPath, [name], {
    cwd: project.dir,
    env: { PATH, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (text: Buffer) => {
      said += text;
      const url = /Listening on (\S+)/.exec(said)?.[1];
      if (url !== undefined) {
        resolve(url);
      }
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("close", () => reject(new Error(`${name} exited: ${said}`)));
  });
}

type Ask = (path: string, headers?: Record<string, string>) => Promise<Response>;

/** Expectations of every mount. */
async function expectCatalogue(ask: Ask): Promise<void> {
  const token = await tokenOf();
  const authorization = { authorization: `Bearer ${token}` };
  const page = await ask("/catalogue/offers?limit=5&sort=price", authorization);
  expect(page.status).toBe(200);
  const { result } = (await page.json()) as { result: { price: number }[] };
  expect(result.map(({ price }) => price)).toEqual([1001, 1002, 1003, 1004, 1005]);
  const etag = page.headers.get("etag") ?? "";
  const again = await ask("/catalogue/offers?limit=5&sort=price", {
    ...authorization,
    "if-none-match": etag,
  });
  expect(again.status).toBe(304);
  expect((await ask("/catalogue/offers/listing-7", authorization)).status).toBe(200);
  expect((await ask("/catalogue/offers")).status).toBe(401);
  const unknown = await ask("/catalogue/offers?colour=red", authorization);
  expect(unknown.status).toBe(400);
  expect(unknown.headers.get("content-type")).toBe("application/problem+json");
}

describe("the API inside", () => {
  test.each(["api-h3.ts", "api-hono.ts", "api-express.ts", "api-fastify.ts"])(
    "%s serves requests beside the application's own pages",
    async (name) => {
      const url = await start(name, { DATABASE_URL: database.url });
      const ask: Ask = (path, headers = {}) => fetch(new URL(path, url), { headers });
      expect(await (await ask("/")).text()).toBe("my site");
      await expectCatalogue(ask);
      // Whatever its type, a body reaches the API, which refuses the request itself.
      const headers = { "content-type": "text/csv" };
      const posted = await fetch(new URL("/catalogue/offers", url), { method: "POST", headers, body: "a" });
      expect(posted.headers.get("content-type")).toBe("application/problem+json");
    },
  );

  test("api-client.ts reads it from another program", async () => {
    const url = await start("api-h3.ts", { DATABASE_URL: database.url });
    const env = { API_URL: new URL("/catalogue", url).href, API_TOKEN: await tokenOf() };
    const { stdout } = await runNode(project, ["api-client.ts"], env);
    const [head, ...lines] = stdout.trimEnd().split("\n");
    expect(head).toBe("30 listings of 1 marks");
    expect(lines).toEqual(
      Array.from({ length: 25 }, (_, index) =>
        expect.stringMatching(new RegExp(`^listing-${index + 1}: .*, ${1001 + index} CNY$`)),
      ),
    );
    const refused = await runNode(project, ["api-client.ts"], { ...env, API_TOKEN: "wrong" });
    expect(refused.stderr).toBe("The token is wrong, expired or revoked.\n");
  });

  test("api-nextjs.ts works as a route handler", async () => {
    await writeFile(
      join(project.dir, "next-like.ts"),
      `import { createServer } from "node:http";
       import { GET } from "./api-nextjs.ts";
       const server = createServer(async (request, response) => {
         const answer = await GET(new Request(new URL(request.url, "http://localhost"), { headers: request.headers }));
         response.writeHead(answer.status, Object.fromEntries(answer.headers));
         response.end(Buffer.from(await answer.arrayBuffer()));
       }).listen(0, "127.0.0.1", () => console.log("Listening on http://127.0.0.1:" + server.address().port + "/"));`,
    );
    const url = await start("next-like.ts", { DATABASE_URL: database.url });
    await expectCatalogue((path, headers = {}) => fetch(new URL(path, url), { headers }));
  });
});
