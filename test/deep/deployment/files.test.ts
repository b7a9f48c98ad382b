import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { Ajv } from "ajv";
import { DCLinter } from "dclint";
import { validate } from "dockerfile-utils";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { rootCommand } from "../../../src/cli/commands/index.ts";
import { parseCrontab } from "../../../src/cli/crontab/parse-crontab.ts";
import { fromEnvironment, RANK } from "../../../src/config/layers.ts";
import { startPostgres } from "../../../tools/postgres.ts";
import { directoryWith } from "../../support/files/files.ts";
import { blocksOf } from "../../support/source-text/blocks.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const read = (name: string) => readFileSync(join(ROOT, name), "utf8");

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly logging?: { readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}
interface Compose {
  readonly services: Readonly<Record<"postgres" | "api" | "cron", Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const parseCompose = (text: string) => parse(text, { merge: true }) as Compose;
const compose = parseCompose(read("docker-compose.yml"));
const { postgres, api, cron } = compose.services;

describe("Dockerfile", () => {
  test("passes the linter", () => {
    expect(validate(read("Dockerfile"))).toEqual([]);
    expect(validate("FROM node\nHEALTHCHECK --interva=30s CMD ls\n")).not.toEqual([]);
  });

  test("pins its base image to the Node.js version of the tests", () => {
    expect(read("Dockerfile")).toContain(`ARG NODE_IMAGE=node:${process.versions.node}-bookworm-slim`);
  });
});

describe("docker-compose.yml", () => {
  /** As the linter ships it; draft 7. */
  const schema = JSON.parse(
    readFileSync(
      join(
        dirname(createRequire(import.meta.url).resolve("dclint/package.json")),
        "schemas/compose.schema.json",
      ),
      "utf8",
    ),
  );
  // Ajv identifies the draft by its http: address.
  const fits = new Ajv({ strict: false, logger: false }).compile({ ...schema, $schema: undefined });

  test("fits the schema of the Compose specification", () => {
    expect(fits(compose) ? [] : fits.errors).toEqual([]);
    const wrong = read("docker-compose.yml").replace("shm_size: 256m", "shmsize: 256m");
    expect(fits(parseCompose(wrong))).toBe(false);
  });

  test("still fits it with the override of docs/deployment.md, which extends existing services", () => {
    const [override] = blocksOf(read("docs/deployment.md")).filter(({ language }) => language === "yaml");
    const added = parseCompose(override?.text ?? "");
    expect(fits(added) ? [] : fits.errors).toEqual([]);
    expect(Object.keys(added.services)).toEqual(["api", "cron"]);
    // Commands look for it in their working directory.
    expect(added.services.api.volumes).toEqual(["./che168.config.json:/data/che168.config.json:ro"]);
    expect(read("Dockerfile")).toContain("WORKDIR /data\n");
  });

  test("passes the linter, apart from the order of its keys", async () => {
    // PostgreSQL comes first, and keys are in reading order.
    const ordered = ["service-keys-order", "services-alphabetical-order", "top-level-properties-order"];
    const linter = new DCLinter({
      rules: {
        ...Object.fromEntries(ordered.map((rule) => [rule, 0])),
        "require-quotes-in-ports": [1, { quoteType: "double" }],
      },
      quiet: false,
      debug: false,
      exclude: [],
    });
    const problems = (path: string) => linter.lintFiles([path], false).flatMap(({ messages }) => messages);
    expect(problems(join(ROOT, "docker-compose.yml"))).toEqual([]);
    const wrong = read("docker-compose.yml").replace("postgres:18.4-bookworm", "postgres:latest");
    const directory = await directoryWith({ "docker-compose.yml": wrong });
    expect(problems(join(directory, "docker-compose.yml"))).toMatchObject([
      { rule: "service-image-require-explicit-tag" },
    ]);
  });

  test("isolates PostgreSQL: no published port, and an internal network", () => {
    expect(postgres.ports).toBeUndefined();
    expect(postgres.networks).toEqual(["backend"]);
    expect(compose.networks.backend?.internal).toBe(true);
    expect(api.ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(cron.ports).toBeUndefined();
  });

  test("limits memory and log of every service, and restarts it", () => {
    for (const service of Object.values(compose.services)) {
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      expect(service.logging?.options).toEqual({ "max-size": "10m", "max-file": "5" });
      expect(service.restart).toBe("unless-stopped");
    }
  });

  test("starts the others once PostgreSQL is healthy, and has a health check for each", () => {
    expect(postgres.healthcheck?.test.join(" ")).toContain("pg_isready");
    for (const service of [api, cron]) {
      expect(service.depends_on?.postgres?.condition).toBe("service_healthy");
      expect(service).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
    }
    // The API uses the health check of the image.
    expect(cron.healthcheck?.test).toEqual(["CMD", "che168-sync", "status", "--check"]);
    expect(read("Dockerfile")).toContain("/health");
  });

  test("keeps the data in a volume and mounts the crontab for the scheduler", () => {
    expect(postgres.volumes).toEqual(["postgres-data:/var/lib/postgresql"]);
    expect(Object.keys(compose.volumes)).toEqual(["postgres-data"]);
    expect(cron.command).toEqual(["schedule", "/etc/che168/crontab"]);
    expect(cron.volumes).toContain("./crontab:/etc/che168/crontab:ro");
    expect(cron.volumes).toContain("./backups:/backups");
  });

  test("takes every setting from .env, under names that .env.example documents; it contains no secret", () => {
    const text = read("docker-compose.yml");
    const asked = new Set([...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
    const named = Object.keys(parseEnv(read(".env.example").replace(/^# (?=[A-Z\d_]+=)/gm, "")));
    expect([...asked].filter((name) => !named.includes(name ?? "") && name !== "CHE168_VERSION")).toEqual([]);
    for (const secret of ["DB_PASSWORD", "POSTGRES_PASSWORD", "CHE168_API_KEY", "SECRET_KEY"]) {
      const values = [...text.matchAll(new RegExp(`^ +${secret}: (.*)$`, "gm"))].map(([, value]) => value);
      expect(values.length).toBeGreaterThan(0);
      expect(values.filter((value) => !value?.startsWith("${"))).toEqual([]);
    }
  });

  test("passes only variables that the program reads", () => {
    for (const { environment } of [api, cron]) {
      const given = Object.fromEntries(Object.keys(environment).map((name) => [name, "1"]));
      expect(fromEnvironment(given, { rank: RANK.environment })).toHaveLength(Object.keys(given).length);
    }
    expect(Object.keys(api.environment)).not.toContain("CHE168_API_KEY");
  });

  test("starts PostgreSQL with settings that it accepts", async () => {
    const settings = postgres.command
      .filter((word) => word.includes("="))
      .map((setting) => setting.split("=") as [string, string]);
    expect(postgres.command).toEqual([
      "postgres",
      ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ]);
    const server = await startPostgres(Object.fromEntries(settings));
    onTestFinished(() => server.destroy());
    const { Client } = (await import("pg")).default;
    const client = new Client({ connectionString: server.url("postgres") });
    await client.connect();
    for (const [name, value] of settings) {
      const { rows } = await client.query("select current_setting($1) as value", [name]);
      expect(rows[0].value).toBe(value);
    }
    await client.end();
  });

  test("runs the image of this version", () => {
    const { version } = JSON.parse(read("package.json"));
    expect(read("docker-compose.yml")).toContain(`image: che168-sync:\${CHE168_VERSION:-${version}}`);
  });
});

describe("crontab", () => {
  const crontab = parseCrontab(read("crontab"));
  const jobs = "jobs" in crontab ? crontab.jobs : [];

  test("parses: daily once a day in the configured time zone, and a dump that overwrites last week's", () => {
    expect(crontab).toMatchObject({ timezone: "Europe/Moscow", env: {} });
    expect(jobs.map(({ when, command }) => [when, command])).toEqual([
      ["30 3 * * *", "che168-sync daily"],
      ["0 5 * * *", "che168-sync dump /backups/che168-$(date +%u).dump"],
    ]);
  });

  test("uses existing commands", () => {
    const commands = Object.keys(rootCommand.subCommands ?? {});
    for (const { command } of jobs) {
      const [program, name] = command.split(" ");
      expect(program).toBe("che168-sync");
      expect(commands).toContain(name);
    }
  });
});
