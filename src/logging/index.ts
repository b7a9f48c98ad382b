/** Log lines on stderr and in daily files. `types.ts` is public as well: the interface alone, without consola. */
export { type ClosableLogger, createLogger, type LoggerOptions, type LogLevel } from "./logger.ts";
export { createLineCleaner } from "./redact.ts";
export { type Logger, silentLogger } from "./types.ts";
