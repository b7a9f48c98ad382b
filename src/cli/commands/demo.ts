import { command, outputArgs, usageError } from "../args.ts";
import { usesColors } from "../context.ts";
import { print } from "../output.ts";
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

/** @throws Che168Error `USAGE` */
function portOf(text: string | undefined): number {
  if (text !== undefined && (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)) {
    throw usageError("--port must be a whole number from 0 to 65535");
  }
  return Number(text ?? 0);
}

export default command({
  description:
    "See it work: sandbox, initial, daily, a token, the API; needs neither account nor database server",
  args: {
    port: { type: "string", description: "Port of the API [any free one]", valueHint: "port" },
    keep: { type: "boolean", description: "Serve until stopped; on a terminal this is the default" },
    token: {
      type: "string",
      description: "Access token, 16 letters and digits [a random one]",
      valueHint: "token",
    },
    ...outputArgs,
  },
  run: async (args, context) => {
    const port = portOf(args.port);
    if (args.token !== undefined && !/^[a-zA-Z0-9]{16}$/.test(args.token)) {
      throw usageError("--token must be 16 letters and digits");
    }
    const { signal, stdout, stderr, onClose } = context;
    const { createLogger } = await import("../../logging/index.ts");
    const { createProgressView } = await import("../progress/progress-view.ts");
    const { createDatabase } = await import("../../database/index.ts");
    const { createClient } = await import("../../upstream/index.ts");
    const { createLoader } = await import("../../loader/index.ts");
    const { createUpdater } = await import("../../updater/index.ts");
    const { createNormalizer } = await import("../../normalizer/index.ts");
    const { createTokens } = await import("../../tokens/index.ts");
    const { runDaily } = await import("../../daily/index.ts");
    const { createApiHandler, startServer } = await import("../../api/index.ts");
    const { startSandbox } = await import("../../sandbox/index.ts");

    const { quiet } = args;
    const logger = createLogger({
      stderr,
      quiet,
      level: args.verbose ? "debug" : "info",
      colors: usesColors(stderr, context.env),
    });
    // The jobs' own lines would repeat the summaries.
    const jobLogger = { ...logger, info: logger.debug };
    const step = (text: string) => logger.info(`--- ${text}`);
    const logAll = (lines: readonly string[]) => {
      for (const line of lines) {
        logger.info(line);
      }
    };
    /** Runs one part of the work with a progress bar. */
    const withProgress = async <T>(
      work: (view: ReturnType<typeof createProgressView>) => Promise<T>,
    ): Promise<T> => {
      const view = createProgressView({ stream: stderr, logger, bar: stderr.isTTY === true && !quiet });
      return work(view).finally(() => view.stop());
    };

    const sandbox = await startSandbox({ offers: LISTINGS, latencyMs: LATENCY_MS });
    onClose(() => sandbox.close());
    step(`sandbox: a local upstream at ${sandbox.baseUrl}`);

    const database = await createDatabase({
      dataDir: "memory://",
      applicationName: context.applicationName,
      logger: jobLogger,
    });
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

    step("initial: load the whole catalogue into raw_data");
    const load = await withProgress((view) =>
      createLoader({ database, client, logger: jobLogger }).run({
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
        updater: createUpdater({ database, client, logger: jobLogger }),
        normalizer: createNormalizer({ database, logger: jobLogger }),
        applicationName: context.applicationName,
        signal,
        update: {
          onRetry: view.retry,
          onProgress: ({ unit, done, total }) => view.report({ unit, done, total }),
        },
        normalize: { onProgress: ({ unit, done, total }) => view.report({ unit, done, total }) },
      }),
    );
    logAll([...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]);

    step("tokens create, serve: the API");
    const tokens = createTokens({ database });
    onClose(() => tokens.close());
    const [created] = await tokens.create({ description: "demo" });
    const token = args.token ?? created?.token ?? "";
    if (args.token !== undefined) {
      await database.query("update api_tokens set token = $1", [args.token]);
    }
    const api = createApiHandler({
      database,
      tokens,
      options: { images: true },
      // The sandbox draws the pictures of its listings.
      fetchPicture: ({ pathname }, init) => fetch(new URL(pathname, sandbox.baseUrl), init),
    });
    const { openStorefront, STOREFRONT_PATH } = await import("../storefront.ts");
    const { handler, hasStorefront } = await openStorefront(api, token);
    const server = await startServer({ handler, port });
    onClose(() => server.close());
    const response = await fetch(`${server.url}${SEARCH}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    const { result } = (await response.json()) as { result: Record<string, unknown>[] };
    logger.info(`GET /${decodeURIComponent(SEARCH)} → ${response.status}`);
    const example = Object.fromEntries(EXAMPLE_FIELDS.map((name) => [name, result[0]?.[name]]));
    const keepsServing = args.keep || stderr.isTTY === true;
    const serving = keepsServing
      ? `\nThe API listens at ${server.url} until you press Ctrl+C.
  token      ${token}
  reference  ${server.url}docs
${hasStorefront ? `  storefront ${server.url}${STOREFRONT_PATH.slice(1)}/\n` : ""}`
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
