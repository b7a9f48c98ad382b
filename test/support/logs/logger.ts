import { type ClosableLogger, createLogger, type LoggerOptions } from "../../../src/logging/logger.ts";
import type { Logger } from "../../../src/logging/types.ts";

export interface LogLine {
  readonly level: keyof Logger;
  readonly text: string;
}

/** A logger that collects its lines. */
export function collectingLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep = (level: keyof Logger) => (text: string) => {
    lines.push({ level, text });
  };
  return {
    lines,
    logger: { debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") },
  };
}

/** A logger of this package whose terminal output is kept. */
export function capture(options: LoggerOptions = {}): { logger: ClosableLogger; text: () => string } {
  let text = "";
  const logger = createLogger({
    ...options,
    stderr: {
      write: (part) => {
        text += part;
      },
    },
  });
  return { logger, text: () => text };
}
