import { command } from "../command.ts";
import { print } from "../output.ts";
import { untilStopped } from "../signals.ts";
import { loadSummary, normalizeSummary, updateSummary } from "../summaries.ts";

const LISTINGS = 740;
/** What happens after the load. */
const CHANGES = 60;
/** A search that the demo makes. */
const SEARCH = "offers?q=%D0%B1%D0%BC%D0%B2&sort=price&limit=1&lang=ru";
/** A service on the net takes its time; without it there would be no bar to see. */
const LATENCY_MS = 60;

export default command({
  description:
    "See it work: a sandbox, the load, a day of changes, normalisation, a token; no account, no database server",
  args: {},
  run: async (_args, context) => {
    const { signal, stdout, stderr, onClose } = context;
    const { createLogger } = await import("../../logging/logger.ts");
    const { createProgressView } = await import("../progress/progress-view.ts");
    const { createDatabase } = await import("../../database/index.ts");
    const { createClient } = await import("../../upstream/client.ts");
    const { createLoader } = await import("../../loader/loader.ts");
    const { createUpdater } = await import("../../updater/updater.ts");
    const { createNormalizer } = await import("../../normalizer/index.ts");
    const { createTokens } = await import("../../tokens/tokens.ts");
    const { runDaily } = await import("../../daily/run-daily.ts");
    const { createApiHandler, startServer } = await import("../../api/index.ts");
    const { startSandbox } = await import("../../sandbox/index.ts");

    const logger = createLogger({ stderr });
    const step = (text: string) => logger.info(`--- ${text}`);
    const lines = (texts: readonly string[]) => {
      for (const text of texts) {
        logger.info(text);
      }
    };
    /** Runs one part of the work under a bar of its own. */
    const shown = async <T>(
      work: (view: ReturnType<typeof createProgressView>) => Promise<T>,
    ): Promise<T> => {
      const view = createProgressView({ stream: stderr, logger });
      return work(view).finally(() => view.stop());
    };

    const sandbox = await startSandbox({ offers: LISTINGS, latencyMs: LATENCY_MS });
    onClose(() => sandbox.close());
    step(`A sandbox plays the service: ${sandbox.baseUrl}`);

    const database = await createDatabase({
      dataDir: "memory://",
      applicationName: context.applicationName,
      logger,
    });
    onClose(() => database.close());
    step("PostgreSQL runs inside this process, in memory; the schema is in place");

    const client = createClient({
      baseUrl: sandbox.baseUrl,
      apiKey: "demo",
      offersIntervalMs: 0,
      changesIntervalMs: 0,
      logger,
    });
    onClose(() => client.close());

    step("initial: the whole catalogue into raw_data");
    const load = await shown((view) =>
      createLoader({ database, client, logger }).run({
        expect: LISTINGS,
        signal,
        onRetry: view.retry,
        onProgress: ({ phase: _, ...event }) => view.report(event),
      }),
    );
    lines(loadSummary(load));

    sandbox.advance(CHANGES);
    step("daily: everything that the feed tells of today, then normalisation");
    const { update, normalize } = await shown((view) =>
      runDaily({
        database,
        updater: createUpdater({ database, client, logger }),
        normalizer: createNormalizer({ database, logger }),
        applicationName: context.applicationName,
        signal,
        update: {
          onRetry: view.retry,
          onProgress: ({ unit, done, total }) => view.report({ unit, done, total }),
        },
        normalize: { onProgress: ({ unit, done, total }) => view.report({ unit, done, total }) },
      }),
    );
    lines([...updateSummary(update), ...(normalize ? normalizeSummary(normalize) : [])]);

    step("tokens create, serve: the API");
    const tokens = createTokens({ database });
    onClose(() => tokens.close());
    const [created] = await tokens.create({ description: "demo" });
    const token = created?.token ?? "";
    const server = await startServer({ handler: createApiHandler({ database, tokens }), port: 0 });
    onClose(() => server.close());
    const answer = await fetch(`${server.url}${SEARCH}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    const { result } = (await answer.json()) as { result: Record<string, unknown>[] };
    logger.info(`GET /${decodeURIComponent(SEARCH)} answered ${answer.status} with`);
    const stays = stderr.isTTY === true;

    await print(
      stdout,
      `
${JSON.stringify(pick(result[0] ?? {}), null, 2)}

Done: ${load.loaded} listings loaded, ${update.changes} changes applied, ${normalize?.processed} listings normalised and served.
${stays ? `\nThe API answers at ${server.url} until you press Ctrl+C; token ${token}. In a browser: ${server.url}docs\n` : ""}
Nothing of this is kept. With an account of your own:
  export CHE168_API_KEY=... CHE168_ACCESS_NAME=...
  che168-sync init        the database, and 20 tokens
  che168-sync initial     the whole catalogue; goes on where it stopped
  che168-sync daily       what has changed since; for cron
  che168-sync serve       the API
  che168-sync status      how it stands
Without one, che168-sync sandbox plays the service for as long as you like.`,
    );
    if (stays) {
      await untilStopped(signal);
    }
    return "OK";
  },
});

/** What of a listing shows best what has been done to it. */
function pick(listing: Record<string, unknown>): Record<string, unknown> {
  const names = ["inner_id", "mark", "model", "trim", "year", "price", "engine_type", "city", "labels"];
  return Object.fromEntries(names.map((name) => [name, listing[name]]));
}
