import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runCli, runSource, startSource } from "../../support/process/command.ts";

const COMMANDS = [
  ...["init", "migrate", "initial", "daily", "normalize", "tokens", "status", "sandbox", "demo"],
  ...["tokens create", "tokens list", "tokens revoke"],
];

/** A working directory with a fresh database on the server. */
async function serverDirectory(): Promise<{ cwd: string; env: Record<string, string> }> {
  const { url } = await freshServerDatabase();
  return { cwd: await directoryWith(), env: { DATABASE_URL: url, LOG_DIR: "log files" } };
}

describe("help", () => {
  test("of the program lists the commands on stdout", async () => {
    const { code, stdout, stderr } = await runCli(["--help"], { cwd: await directoryWith() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of COMMANDS.filter((command) => !command.includes(" "))) {
      expect(stdout).toMatch(new RegExp(`^ +${name} {2,}\\S`, "m"));
    }
  });

  test.each(COMMANDS)(
    "of %s is on stdout, without colours off a terminal, and needs no database",
    async (name) => {
      const cwd = await directoryWith();
      const { code, stdout, stderr } = await runCli([...name.split(" "), "--help"], {
        cwd,
        env: { DATABASE_URL: "nonsense" },
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain(`USAGE che168-sync ${name}`);
      expect(stdout).not.toContain("\u001b");
      expect(await readdir(cwd)).toEqual([]);
    },
  );

  test("of normalize --all says what the user gets", async () => {
    const { stdout } = await runCli(["normalize", "--help"], { cwd: await directoryWith() });
    expect(stdout).toMatch(/--all +Normalise all rows again; if interrupted, the next normalize continues/);
  });

  test("loads neither the database nor the configuration", async () => {
    const hooks = `import { registerHooks } from "node:module";
      registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`;
    const { stderr } = await runSource(["--help"], {
      cwd: await directoryWith(),
      nodeFlags: ["--import", `data:text/javascript,${encodeURIComponent(hooks)}`],
    });
    expect(stderr).toMatch(/commands\/initial\.ts/);
    expect(stderr).not.toMatch(/mikro-orm|pglite|arktype|c12|ofetch|consola|cli-progress/);
  });

  test("--version prints the version", async () => {
    expect(await runCli(["--version"], { cwd: await directoryWith() })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});

describe("help as a command, and aliases", () => {
  test.each([
    [["help"], "USAGE che168-sync "],
    [["help", "tokens", "create"], "USAGE che168-sync tokens create"],
    [["tokens", "ls", "--help"], "USAGE che168-sync tokens list"],
    [["tokens", "rm", "--help"], "USAGE che168-sync tokens revoke"],
  ])("%j", async (args, usage) => {
    const { code, stdout, stderr } = await runCli(args, { cwd: await directoryWith() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(usage);
  });
});

test("a typo gets its correction and where to find help, without the usage", async () => {
  const { stderr } = await runCli(["status", "--jsn"], { cwd: await directoryWith() });
  expect(stderr).toBe(
    "[ERROR] Unknown flag --jsn; did you mean --json?\n[ERROR] che168-sync status --help lists all flags\n",
  );
});

describe("config", () => {
  test("prints each value with its origin, secrets masked, and leaves no files", async () => {
    const files = {
      ".env": "CHE168_API_KEY=s3cr3t-k3y\nAPI_PROT=1\n",
      "che168.config.json": `{"api":{"pageSize":7},"database":{"url":"postgres://u:Pa55word@h:5432/n"}}`,
    };
    const cwd = await directoryWith(files);
    const { code, stdout, stderr } = await runCli(["config"], { cwd, env: { API_PORT: "9001" } });
    expect(code).toBe(0);
    for (const row of [
      /^api\.port +9001 +API_PORT$/m,
      /^api\.pageSize +7 +che168\.config\.json$/m,
      /^api\.maxPageSize +100 +default$/m,
      /^upstream\.apiKey +"\[hidden\]" +CHE168_API_KEY in \.env$/m,
      /^database\.url +"postgres:\/\/u:\[hidden\]@h:5432\/n" +che168\.config\.json$/m,
    ]) {
      expect(stdout).toMatch(row);
    }
    expect(stdout).toContain(join(cwd, "che168.config.json"));
    expect(stdout + stderr).not.toMatch(/s3cr3t|Pa55word/);
    expect(stderr).toContain("unknown variable API_PROT");
    expect((await readdir(cwd)).sort()).toEqual(Object.keys(files).sort());
    const json = await runCli(["config", "--json"], { cwd });
    expect(JSON.parse(json.stdout).settings).toContainEqual({
      key: "api.port",
      value: 8000,
      origin: "default",
    });
  });
});

describe("invalid usage", () => {
  test.each([
    [[], "needs a command"],
    [["intial"], 'Unknown command "intial"; did you mean initial?'],
    [["tokens"], "needs a command: create, list, revoke"],
    [["tokens", "mint"], 'Unknown command "mint"'],
    [["status", "--jsn"], "Unknown flag --jsn; did you mean --json?"],
    [["--verbose", "status"], "Unknown flag --verbose before the command"],
    [["initial", "--max-pages", "0"], "--max-pages must be a whole number of at least 1"],
    [["daily", "--max-dates"], "--max-dates needs a value"],
    [["migrate", "sideways"], 'The direction must be up, down or status, not "sideways"'],
    [["tokens", "revoke"], "TOKEN is missing"],
    [["normalize", "--limit", "-5"], "--limit must not be negative, and is -5"],
    [["demo", "--port", "99999"], '--port must be a whole number from 0 to 65535, not "99999"'],
    [["demo", "--token", "short"], '--token must be 16 Latin letters and digits, not "short"'],
    [["config", "--config", "/"], "cannot be read: / is a directory"],
    [["tokens", "create", "--expires", "yesterday"], "--expires must be a day"],
    [["status", "--verbose", "--quiet"], "--verbose and --quiet exclude each other"],
    [["help", "intial"], "did you mean initial?"],
    [["tokens", "create", "--count", "1001"], "--count must be a whole number from 1 to 1000"],
  ])("%j exits 2 with the reason on stderr, and does nothing", async (args, message) => {
    const cwd = await directoryWith();
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe("an invalid configuration", () => {
  test("exits 2 with all problems, before any work", async () => {
    const cwd = await directoryWith({
      ".env": "DB_PORT=x\nDB_HOST=h\n",
      "che168.config.yaml": "api: { prt: 1 }\n",
    });
    const { code, stdout, stderr } = await runCli(["init"], { cwd, env: { LOG_LEVEL: "loud" } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    for (const key of ["DB_PORT", "api.prt", "LOG_LEVEL"]) {
      expect(stderr).toMatch(new RegExp(`^\\[ERROR\\] {3}${key}: `, "m"));
    }
    expect((await readdir(cwd)).sort()).toEqual([".env", "che168.config.yaml"]);
  });

  test("without an account names the missing settings, and leaves no files", async () => {
    const cwd = await directoryWith();
    const { code, stdout } = await runCli(["initial", "--json"], { cwd, env: { LOG_LEVEL: "error" } });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "CONFIG_INVALID", problems: [{ key: "CHE168_API_KEY" }] },
    });
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe("the database", () => {
  test("is prepared once: init prints 20 tokens, and none the second time", async () => {
    const place = await serverDirectory();
    const first = await runCli(["init"], place);
    expect(first.code).toBe(0);
    expect(first.stdout.trimEnd().split("\n")).toEqual(
      Array.from({ length: 20 }, () => expect.stringMatching(/^[a-zA-Z0-9]{16}$/)),
    );
    const second = await runCli(["init"], place);
    expect(second).toMatchObject({ code: 0, stdout: "" });
    expect(second.stderr).toContain("20 access tokens exist already");
    const log = await readdir(join(place.cwd, "log files"));
    expect(log).toEqual([expect.stringMatching(/^che168-sync-\d{4}-\d{2}-\d{2}\.log$/)]);
  });

  test("stores tokens: create, list and revoke, with --json as one object", async () => {
    const place = await serverDirectory();
    const created = await runCli(
      ["tokens", "create", "--count=2", "--description", "the site", "--expires", "2999-01-01", "--json"],
      place,
    );
    expect(created.code).toBe(0);
    const { tokens } = JSON.parse(created.stdout);
    expect(tokens).toMatchObject([
      {
        token: expect.stringMatching(/^\w{16}$/),
        description: "the site",
        expiresAt: "2999-01-01T00:00:00Z",
      },
      {},
    ]);
    const secrets = tokens.map(({ token }: { token: string }) => token);
    const masked = secrets.map((token: string) => `${token.slice(0, 4)}************`);
    for (const [flags, shown] of [
      [[], masked],
      [["--show"], secrets],
    ] as const) {
      const listed = await runCli(["tokens", "list", "--json", ...flags], place);
      expect(JSON.parse(listed.stdout).tokens.map(({ token }: { token: string }) => token)).toEqual(shown);
      const row = `1 ${shown[0]} .* read,ops +the site`.replaceAll("*".repeat(12), "\\*{12}");
      expect((await runCli(["tokens", "list", ...flags], place)).stdout).toMatch(
        new RegExp(`^ID +TOKEN +.*\\n${row.replace("1 ", "1 +")}$`, "m"),
      );
    }
    expect(await runCli(["tokens", "revoke", tokens[0].token], place)).toMatchObject({
      code: 0,
      stdout: "",
    });
    expect(await runCli(["tokens", "revoke", tokens[0].token], place)).toMatchObject({
      code: 1,
      stdout: "",
    });
  });

  test("has migrations: status lists them, down reverts the last", async () => {
    const place = await serverDirectory();
    const before = await runCli(["migrate", "status"], place);
    expect(before.stdout).toMatch(/^applied {2}\S+$/m);
    const last = before.stdout.trimEnd().split("\n").at(-1)?.split("  ")[1];
    expect(await runCli(["migrate", "down"], place)).toMatchObject({
      code: 0,
      stderr: `[INFO] Reverted ${last}\n`,
    });
    const missing = await runCli(["status"], {
      ...place,
      cwd: await directoryWith({ "che168.config.json": `{"database":{"autoMigrate":false}}` }),
    });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringMatching(/che168-sync (?:migrate|init)/) });
    expect(await runCli(["migrate"], place)).toMatchObject({
      code: 0,
      stderr: `[INFO] Applied ${last}\n`,
    });
  });

  test("is described by status as text and with --json", async () => {
    const place = await serverDirectory();
    const people = await runCli(["status"], place);
    expect(people).toMatchObject({ code: 0, stderr: "" });
    expect(people.stdout).toContain("che168-sync initial");
    const programs = await runCli(["status", "--json"], place);
    expect(JSON.parse(programs.stdout)).toMatchObject({
      rows: { raw: 0 },
      attention: [{ code: "load_missing" }],
    });
    expect(`${people.stdout}${programs.stdout}`).not.toContain(
      new URL(place.env.DATABASE_URL ?? "").password || "\0",
    );
  });

  test("that is unreachable exits 1, names the variables but not the password, and leaves no files", async () => {
    const cwd = await directoryWith();
    const { code, stderr } = await runCli(["status"], {
      cwd,
      env: { DATABASE_URL: "postgres://someone:Pa55word@127.0.0.1:1/nowhere" },
    });
    expect(code).toBe(1);
    expect(await readdir(cwd)).toEqual([]);
    expect(stderr).toContain("DATABASE_URL");
    expect(stderr).not.toContain("Pa55word");
  });

  test("can be read by a command that closes the pipe early", async () => {
    const running = startSource(["status"], await serverDirectory());
    running.child.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });
});
