import type { Readable } from "node:stream";
import type { LoadConfigOptions, ResolvedConfig, UpstreamConfig } from "../config/load.ts";
import type { Database, DatabaseOptions } from "../database/index.ts";
import type { ClosableLogger } from "../logging/logger.ts";
import type { Client, ClientOptions } from "../upstream/client.ts";
import type { ProgressView } from "./progress/progress-view.ts";

/** What the process gives to a command. */
export interface ProcessIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Opened by whoever reads it. */
  readonly stdin: () => Readable;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export interface Configured {
  readonly config: ResolvedConfig;
  readonly logger: ClosableLogger;
}

/** What a command works with. Everything is opened when asked for, once, and closed in reverse order. */
export interface Context extends ProcessIo {
  /** The command line as others are told it, e.g. `che168-sync daily`. */
  readonly applicationName: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Reads the configuration and opens the log. Comes before everything else. */
  configure(options?: {
    configFile?: string | undefined;
    flags?: LoadConfigOptions["flags"];
  }): Promise<Configured>;
  /** The account of the service. @throws ConfigError when there is none */
  upstream(): Promise<UpstreamConfig>;
  client(options?: Partial<ClientOptions>): Promise<Client>;
  database(options?: DatabaseOptions): Promise<Database>;
  progress(): Promise<ProgressView>;
  /** Called on closing, before what was opened earlier is closed. */
  onClose(close: () => Promise<void> | void): void;
  /** The log, when it is open. */
  openLog(): ClosableLogger | undefined;
  close(): Promise<void>;
}

export function createContext(
  io: ProcessIo,
  { applicationName, signal }: { applicationName: string; signal: AbortSignal },
): Context {
  const closers: (() => Promise<void> | void)[] = [];
  let configured: Configured | undefined;

  const settled = (): Configured => {
    if (configured === undefined) {
      throw new Error("configure() comes first");
    }
    return configured;
  };

  const context: Context = {
    ...io,
    applicationName,
    signal,

    configure: async ({ configFile, flags } = {}) => {
      if (configured === undefined) {
        const { loadConfig, secretsOf } = await import("../config/load.ts");
        const { createLogger } = await import("../logging/logger.ts");
        const config = await loadConfig({
          cwd: io.cwd,
          env: io.env,
          ...(flags === undefined ? {} : { flags }),
          ...(configFile === undefined ? {} : { configFile }),
        });
        const { dir, level, retentionDays } = config.logging;
        const logger = createLogger({
          level,
          retentionDays,
          dir: dir === false ? undefined : dir,
          stderr: io.stderr,
          secrets: secretsOf(config),
        });
        closers.push(() => logger.close());
        configured = { config, logger };
      }
      return configured;
    },

    upstream: async () => {
      const { requireUpstream } = await import("../config/load.ts");
      return requireUpstream(settled().config);
    },

    client: async (options = {}) => {
      const { logger } = settled();
      const upstream = await context.upstream();
      const { createClient } = await import("../upstream/client.ts");
      const client = createClient({ ...upstream, logger, ...options });
      closers.push(() => client.close());
      return client;
    },

    database: async (options = {}) => {
      const { config, logger } = settled();
      const { createDatabase } = await import("../database/index.ts");
      const database = await createDatabase({ ...config.database, applicationName, logger, ...options });
      closers.push(() => database.close());
      return database;
    },

    progress: async () => {
      const { logger } = settled();
      const { createProgressView } = await import("./progress/progress-view.ts");
      const view = createProgressView({ stream: io.stderr, logger });
      closers.push(() => view.stop());
      return view;
    },

    onClose: (close) => {
      closers.push(close);
    },

    openLog: () => configured?.logger,

    close: async () => {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          // The rest is closed all the same; what happened before is what the exit code tells.
          configured?.logger.warn(
            `Closing failed: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
    },
  };
  return context;
}
