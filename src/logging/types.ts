/**
 * What every part of the package logs to. consola, pino and console satisfy it.
 * Messages are finished sentences without secrets.
 */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Discards everything: the default of every factory that is given no logger. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
