/**
 * The interface that every part of the package logs to; consola, pino and console satisfy it.
 * Messages are complete sentences without secrets.
 */
export interface Logger {
  /** Details for troubleshooting. */
  debug(message: string): void;
  /** Normal operation. */
  info(message: string): void;
  /** A problem that was handled. */
  warn(message: string): void;
  /** A failure, or data that was lost or left out. */
  error(message: string): void;
}

/** Discards everything; the default of every factory. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
