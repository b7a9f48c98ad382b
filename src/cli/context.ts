import type { Readable } from "node:stream";
import type { LoadConfigOptions, Resolution, UpstreamConfig } from "../config/index.ts";
import type { Database, DatabaseOptions } from "../database/index.ts";
import type { ClosableLogger } from "../logging/index.ts";
import type { Client, ClientOptions } from "../upstream/index.ts";
import { errorMessage } from "../util/error-message.ts";
import { databaseAccess } from "./database-access.ts";
import type { ProgressView } from "./progress/progress-view.ts";

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** The parts of the process that commands use. */
export interface ProcessIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A function, because touching `process.stdin` opens it. */
  readonly stdin: () => Readable;
  readonly stdout: Output;
  readonly stderr: Output;
}

export interface Configured extends Resolution {
  readonly logger: ClosableLogger;
}

/** The flags in `configArgs`, as parsed. */
export interface ConfigArgs {
  readonly config?: string | undefined;
  readonly verbose?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** Resources of a command, opened on request and closed in reverse order. */
export interface Context extends ProcessIo {
  /** Name for logs, locks and the database server, e.g. `che168-sync daily`. */
  readonly applicationName: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Reads the configuration and creates the logger; call it first. Later calls return the same objects. */
  configure(args?: ConfigArgs, flags?: LoadConfigOptions["flags"]): Promise<Configured>;
  /**
   * The upstream options with the account.
   *
   * @throws ConfigError when the account is missing
   */
  upstream(): Promise<UpstreamConfig>;
  client(options?: Partial<ClientOptions>): Promise<Client>;
  /** Opens the database; log files are written from then on. */
  database(options?: DatabaseOptions): Promise<Database>;
  progress(): Promise<ProgressView>;
  /** Registers a cleanup; the last registered runs first. */
  onClose(close: () => Promise<void> | void): void;
  /** The logger, once it exists. */
  currentLogger(): ClosableLogger | undefined;
  close(): Promise<void>;
}

/** Whether a stream may receive escape sequences: a terminal, unless NO_COLOR is set (https://no-color.org). */
export const usesColors = (output: Output, env: ProcessIo["env"]): boolean =>
  output.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";

/**
 * Call it before the first module with a schema is imported. arktype compiles every schema to a function as soon as it is
 * made, which takes a quarter of a second in all and is not worth it for a few values, such as a configuration. `serve`
 * validates every request.
 */
async function tuneValidation(applicationName: string): Promise<void> {
  if (applicationName !== "che168-sync serve") {
    const { configure } = await import("arktype/config");
    configure({ jitless: true });
  }
}

export function createContext(
  io: ProcessIo,
  { applicationName, signal }: { applicationName: string; signal: AbortSignal },
): Context {
  const closers: (() => Promise<void> | void)[] = [];
  let configured: Configured | undefined;
  let showsBar = io.stderr.isTTY === true;

  const requireConfigured = (): Configured => {
    if (configured === undefined) {
      throw new Error("Call configure() first");
    }
    return configured;
  };

  const context: Context = {
    ...io,
    applicationName,
    signal,

    configure: async ({ config: configFile, verbose, quiet } = {}, flags = {}) => {
      if (configured === undefined) {
        await tuneValidation(applicationName);
        const { resolveConfig, secretsOf } = await import("../config/index.ts");
        const { createLogger } = await import("../logging/index.ts");
        const warnings: string[] = [];
        const onWarning = (message: string) => warnings.push(message);
        const resolution = await resolveConfig({ cwd: io.cwd, env: io.env, flags, configFile, onWarning });
        const { config, path } = resolution;
        const { dir, level, ...logging } = config.logging;
        const logger = createLogger({
          ...logging,
          level: verbose ? "debug" : level,
          dir: dir === false ? undefined : dir,
          deferFiles: true,
          stderr: io.stderr,
          quiet,
          colors: usesColors(io.stderr, io.env),
          secrets: secretsOf(config),
        });
        showsBar = showsBar && !quiet && logging.format === "text";
        closers.push(() => logger.close());
        configured = { ...resolution, logger };
        logger.debug(path === undefined ? "No configuration file" : `Configuration file: ${path}`);
        for (const warning of warnings) {
          logger.warn(warning);
        }
      }
      return configured;
    },

    upstream: async () => {
      const { requireUpstream } = await import("../config/index.ts");
      return requireUpstream(requireConfigured().config);
    },

    client: async (options = {}) => {
      const { logger } = requireConfigured();
      const upstream = await context.upstream();
      const { createClient } = await import("../upstream/index.ts");
      const client = createClient({ ...upstream, proxyEnv: io.env, logger, ...options });
      closers.push(() => client.close());
      return client;
    },

    database: async (options = {}) => {
      const { config, logger } = requireConfigured();
      const { createDatabase } = await import("../database/index.ts");
      const access = databaseAccess(applicationName.replace(/^che168-sync /, ""));
      const opening = { ...config.database, ...access, applicationName, logger, signal };
      const database = await createDatabase({ ...opening, ...options });
      closers.push(() => database.close());
      logger.startFiles();
      return database;
    },

    progress: async () => {
      const { logger } = requireConfigured();
      const { createProgressView } = await import("./progress/progress-view.ts");
      const view = createProgressView({ stream: io.stderr, logger, bar: showsBar });
      closers.push(() => view.stop());
      return view;
    },

    onClose: (close) => {
      closers.push(close);
    },

    currentLogger: () => configured?.logger,

    close: async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          // The exit code reports the work; a failed cleanup must not prevent the others.
          configured?.logger.warn(`Closing failed: ${errorMessage(error)}`);
        }
      }
    },
  };
  return context;
}
