import { H3, type H3Event } from "h3";
import { checkApiOptions } from "./api/check-options.ts";
import type { ApiHandlerOptions, ApiServer, ServeOptions } from "./api/index.ts";
import type { LoadConfigOptions, ResolvedConfig, UserConfig } from "./config/index.ts";
import { ConfigError } from "./errors.ts";
import type { ExportChoice, ExportFile, OpenExportOptions } from "./export-file/index.ts";
import { checkUserVocabulary } from "./listing/index.ts";
import type { Normalizer, NormalizerOptions } from "./normalizer/index.ts";
import type { Notifier, NotifierOptions } from "./notifier/index.ts";
import type { Reconciler, ReconcilerOptions } from "./reconciler/index.ts";
import type { Updater, UpdaterOptions } from "./updater/index.ts";
import type { CallOptions } from "./upstream/index.ts";
import { requireDependencies } from "./util/dependencies.ts";
import { once } from "./util/once.ts";

// The factories of the root entry. They check their options when they are called and load their modules (validation, metrics,
// pinyin, the server) with the first run or request: importing the package takes a tenth of the modules and half the memory.

/** Gives a configuration file its types and hints: `export default defineConfig({ … })`. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}

/**
 * Reads the configuration from flags, environment, `.env` and `che168.config.*`, in this order of precedence, over the
 * defaults; paths become absolute.
 *
 * @throws ConfigError with every problem, each under the key as the user wrote it
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<ResolvedConfig> {
  return (await import("./config/index.ts")).loadConfig(options);
}

/**
 * Opens a daily file of the service, or one on disk (CSV, also gzip), and reads its header.
 *
 * @throws ConfigError with every invalid option
 * @throws Che168Error `EXPORT_NOT_FOUND`, `EXPORT_COLUMNS` without `inner_id`, `EXPORT_INVALID` when it is not a CSV file
 * @throws UpstreamError when the server of the daily files fails, or refuses the password
 */
export async function openExport(
  choice: ExportChoice,
  options: OpenExportOptions = {},
  call: CallOptions = {},
): Promise<ExportFile> {
  return (await import("./export-file/index.ts")).openExport(choice, options, call);
}

/** Reads the change feed into `raw_data`, day by day, from the position where the last run stopped. */
export function createUpdater(options: UpdaterOptions): Updater {
  requireDependencies("createUpdater", options, ["database", "client"]);
  const load = once(async () => (await import("./updater/index.ts")).createUpdater(options));
  return { run: async (run) => (await load()).run(run) };
}

/** Compares the copy with the whole catalogue, and makes it equal: `raw_data` afterwards has what the service has. */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  requireDependencies("createReconciler", options, ["database", "client"]);
  const load = once(async () => (await import("./reconciler/index.ts")).createReconciler(options));
  return {
    run: async (run) => (await load()).run(run),
    repair: async (repair) => (await load()).repair(repair),
  };
}

/**
 * Turns rows of `raw_data` into canonical listings in `processed_data`.
 *
 * @throws ConfigError with every problem of an invalid vocabulary
 */
export function createNormalizer(options: NormalizerOptions): Normalizer {
  requireDependencies("createNormalizer", options, ["database"]);
  const problems = checkUserVocabulary(options.vocabulary ?? {});
  if (problems.length > 0) {
    throw new ConfigError(problems.map((message) => ({ key: "vocabulary", message })));
  }
  const load = once(async () => (await import("./normalizer/index.ts")).createNormalizer(options));
  return { run: async (run) => (await load()).run(run) };
}

/** Sends the reasons of `status --check` to webhooks and Telegram, once per reason, target and day. */
export function createNotifier(options: NotifierOptions): Notifier {
  requireDependencies("createNotifier", options, ["database"]);
  const load = once(async () => (await import("./notifier/index.ts")).createNotifier(options));
  return {
    run: async (run) => (await load()).run(run),
    test: async (test) => (await load()).test(test),
  };
}

/**
 * The public API as an h3 app. Its `fetch` mounts in any framework; `toNodeHandler` makes a listener for Node's servers.
 * Nothing has to be closed: its timers do not keep the process alive.
 *
 * @throws ConfigError when a dependency is missing, or an option is unknown, invalid or not supported by the database
 */
export function createApiHandler(options: ApiHandlerOptions): H3 {
  checkApiOptions(options);
  let app: H3 | undefined;
  const load = once(async () => {
    app = (await import("./api/handler.ts")).createApiHandler(options);
    return app;
  });
  const handle = (loaded: H3, event: H3Event) => {
    // When mounted below a path, the wildcard matches the rest of the URL, without a slash at its end.
    const rest = `/${event.context.params?._ ?? ""}`;
    const path = event.url.pathname.endsWith("/") && !rest.endsWith("/") ? `${rest}/` : rest;
    if (event.url.pathname !== path) {
      event.url.pathname = path;
    }
    return loaded.handler(event);
  };
  return new H3({
    silent: true,
    onError: async (error, event) => (await load()).config.onError?.(error, event),
  }).all("/**", (event) => (app ? handle(app, event) : load().then((loaded) => handle(loaded, event))));
}

/**
 * Serves the API on its own address.
 *
 * @throws Che168Error `ADDRESS_UNUSABLE` when the port is taken or the host is not one of this machine
 */
export async function startServer(options: ServeOptions): Promise<ApiServer> {
  requireDependencies("startServer", options, ["handler"]);
  return (await import("./api/start-server.ts")).startServer(options);
}
