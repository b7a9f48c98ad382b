/** Log lines on stderr and in daily files. `types.ts` and `redact.ts` are public as well: they do not load consola. */
export { type ClosableLogger, createLogger, type LoggerOptions, type LogLevel } from "./logger.ts";
export type { Logger } from "./types.ts";
