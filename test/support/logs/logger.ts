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
