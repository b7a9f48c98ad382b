import type { Database } from "../../database/index.ts";
import type { Logger } from "../../logging/index.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import type { Client } from "../../upstream/index.ts";
import { mustBe } from "../../util/must-be.ts";
import { command, outputArgs, usageError, wholeNumber } from "../args.ts";
import { type Context, usesColors } from "../context.ts";
import { print } from "../output.ts";
import type { ProgressView } from "../progress/progress-view.ts";
import { untilStopped } from "../signals.ts";
import { loadSummary, normalizeSummary, updateSummary } from "../summaries.ts";

const LISTINGS = 740;
/** Changes between the load and `daily`. */
const CHANGES = 60;
const SEARCH = "offers?q=%D0%B1%D0%BC%D0%B2&sort=price&limit=1&lang=ru";
/** Simulated latency of a real service; without it the progress bar would be too short-lived to see. */
const LATENCY_MS = 60;
/** Fields of a listing that show the effect of normalisation. */
const EXAMPLE_FIELDS = [
  "inner_id",
  "mark",
  "model",
  "trim",
  "year",
  "price",
  "engine_type",
  "city",
  "labels",
] as const;

export default command({
  description:
    "See it work: sandbox, initial, daily, a token, the API; needs neither account nor database server",
  args: {
    port: { type: "string", description: "Port of the API (any free port)", valueHint: "port" },
    keep: { type: "boolean", description: "Serve until stopped; on a terminal this is the default" },
    token: {
      type: "string",
      description: "Access token, 16 letters and digits (random)",
      valueHint: "token",
    },
    ...outputArgs,
  },
  run: async (args, context) => {
    const port = wholeNumber(args.port, "--port", { min: 0, max: 65_535 }) ?? 0;
    if (args.token !== undefined && !/^[a-zA-Z0-9]{16}$/.test(args.token)) {
      throw usageError(`--token ${mustBe("16 Latin letters and digits", args.token)}`);
    }
    const { signal, stdout, stderr } = context;
    const output = await openOutput(args, context);
    const parts = await openParts(context, output);
    const { load, update, normalize } = await loadAndUpdate(context, output, parts);
    output.step("tokens create, serve: the API");
    const { server, token, storefront } = await serve(context, parts, { port, token: args.token });
    const response = await fetch(`${server.url}${SEARCH}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    const { result } = (await response.json()) as { result: Record<string, unknown>[] };
    output.logger.info(`GET /${decodeURIComponent(SEARCH)} → ${response.status}`);
    const example = Object.fromEntries(EXAMPLE_FIELDS.map((name) => [name, result[0]?.[name]]));
    const keepsServing = args.keep || stderr.isTTY === true;
    const serving = keepsServing
      ? `\nThe API listens at ${server.url} until you press Ctrl+C.
  token      ${token}
  reference  ${server.url}docs
${storefront === undefined ? "" : `  storefront ${storefront}\n`}`
      : "";
    await print(
      stdout,
      `
${JSON.stringify(example, null, 2)}

Done: ${load.loaded} listings loaded, ${update.changes} changes applied, ${normalize?.processed} listings normalised and served.
${serving}
The demo keeps nothing. With your own account:
  export CHE168_API_KEY=... CHE168_ACCESS_NAME=...
  che168-sync init        create the database and 20 tokens
  che168-sync initial     load the catalogue; resumes where it stopped
  che168-sync daily       apply what has changed since; for cron
  che168-sync serve       serve the API
  che168-sync status      show what needs attention
Without an account, che168-sync sandbox runs a local upstream.`,
    );
    if (keepsServing) {
      await untilStopped(signal);
    }
    return "OK";
  },
});

/** Log lines and progress of the demo. */
interface Output {
  readonly logger: Logger;
  /** Without the jobs' own lines, which would repeat the summaries. */
  readonly jobLogger: Logger;
  readonly step: (text: string) => void;
  readonly logAll: (lines: readonly string[]) => void;
  /** Runs a job with a progress bar. */
  readonly withProgress: <T>(work: (view: ProgressView) => Promise<T>) => Promise<T>;
}

async function openOutput(
  { quiet, verbose }: { readonly quiet?: boolean | undefined; readonly verbose?: boolean | undefined },
  { stderr, env }: Context,
): Promise<Output> {
  const { createLogger } = await import("../../logging/index.ts");
  const { createProgressView } = await import("../progress/progress-view.ts");
  const colors = usesColors(stderr, env);
  const logger = createLogger({ stderr, quiet, level: verbose ? "debug" : "info", colors });
  return {
    logger,
    jobLogger: { ...logger, info: logger.debug },
    step: (text) => logger.info(`--- ${text}`),
    logAll: (lines) => {
      for (const line of lines) {
        logger.info(line);
      }
    },
    withProgress: (work) => {
      const view = createProgressView({ stream: stderr, logger, bar: stderr.isTTY === true && !quiet });
      return work(view).finally(() => view.stop());
    },
  };
}

/** The sandbox, a database in memory, and a client of the sandbox. */
interface Parts {
  readonly sandbox: Sandbox;
  readonly database: Database;
  readonly client: Client;
}

async function openParts(
  { applicationName, onClose }: Context,
  { logger, jobLogger, step }: Output,
): Promise<Parts> {
  const { createDatabase } = await import("../../database/index.ts");
  const { createClient } = await import("../../upstream/index.ts");
  const { startSandbox } = await import("../../sandbox/index.ts");
  const sandbox = await startSandbox({ offers: LISTINGS, latencyMs: LATENCY_MS });
  onClose(() => sandbox.close());
  step(`sandbox: a local upstream at ${sandbox.baseUrl}`);
  const database = await createDatabase({ dataDir: "memory://", applicationName, logger: jobLogger });
  onClose(() => database.close());
  step("database: PostgreSQL inside this process, in memory");
  const client = createClient({
    baseUrl: sandbox.baseUrl,
    apiKey: "demo",
    offersIntervalMs: 0,
    changesIntervalMs: 0,
    offerIntervalMs: 0,
    logger,
  });
  onClose(() => client.close());
  return { sandbox, database, client };
}

/** Runs `initial`, lets the sandbox change its listings, and runs `daily`. */
async function loadAndUpdate(
  { applicationName, signal }: Context,
  { jobLogger: logger, step, logAll, withProgress }: Output,
  { sandbox, database, client }: Parts,
) {
  const { createLoader } = await import("../../loader/index.ts");
  const { createUpdater } = await import("../../updater/index.ts");
  const { createNormalizer } = await import("../../normalizer/index.ts");
  const { runDaily } = await import("../../daily/index.ts");
  step("initial: load the whole catalogue into raw_data");
  const load = await withProgress((view) =>
    createLoader({ database, client, logger }).run({
      expect: LISTINGS,
      signal,
      onRetry: view.retry,
      onProgress: ({ phase: _, ...event }) => view.report(event),
    }),
  );
  logAll(loadSummary(load));
  sandbox.advance(CHANGES);
  step("daily: apply today's changes, then normalise");
  const { update, normalize } = await withProgress((view) =>
    runDaily({
      database,
      updater: createUpdater({ database, client, logger }),
      normalizer: createNormalizer({ database, logger }),
      applicationName,
      signal,
      update: {
        onRetry: view.retry,
        onProgress: ({ unit, done, total }) => view.report({ unit, done, total }),
      },
      normalize: { onProgress: ({ unit, done, total }) => view.report({ unit, done, total }) },
    }),
  );
  logAll([...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]);
  return { load, update, normalize };
}

/** Creates a token and serves the API, with the example site if it is installed. */
async function serve(
  { onClose }: Context,
  { sandbox, database }: Parts,
  wanted: { readonly port: number; readonly token: string | undefined },
) {
  const { createTokens } = await import("../../tokens/index.ts");
  const { createApiHandler, startServer } = await import("../../api/index.ts");
  const { openStorefront, STOREFRONT_PATH } = await import("../storefront.ts");
  const tokens = createTokens({ database });
  onClose(() => tokens.close());
  const [created] = await tokens.create({ description: "demo" });
  const token = wanted.token ?? created?.token ?? "";
  if (wanted.token !== undefined) {
    await database.query("update api_tokens set token = $1", [wanted.token]);
  }
  const api = createApiHandler({
    database,
    tokens,
    options: { images: true },
    // The sandbox draws the pictures of its listings.
    fetchPicture: ({ pathname }, init) => fetch(new URL(pathname, sandbox.baseUrl), init),
  });
  const { handler, hasStorefront } = await openStorefront(api, token);
  const server = await startServer({ handler, port: wanted.port });
  onClose(() => server.close());
  const storefront = hasStorefront ? `${server.url}${STOREFRONT_PATH.slice(1)}/` : undefined;
  return { server, token, storefront };
}
