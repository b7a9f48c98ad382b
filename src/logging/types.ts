/**
 * What every part of the package logs to. consola, pino and console satisfy it.
 * Messages are finished sentences without secrets.
 */
export interface Logger {
  /** What helps to find a fault. */
  debug(message: string): void;
  /** What happens. */
  info(message: string): void;
  /** What did not go as it should, and was mended. */
  warn(message: string): void;
  /** What is lost, left out or over. */
  error(message: string): void;
}

/** Discards everything: the default of every factory that is given no logger. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
