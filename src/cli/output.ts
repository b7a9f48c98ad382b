import { createLineCleaner } from "../logging/redact.ts";
import type { Logger } from "../logging/types.ts";

type Output = NodeJS.WritableStream;

/** Writes text with a final newline; resolves once it is flushed, so that a later `process.exit` cannot truncate it. */
export function print(output: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text.endsWith("\n") ? text : `${text}\n`, (error?: Error | null) => {
      // A closed pipe, as in `che168-sync status | head -1`, is not an error.
      if (error && (error as NodeJS.ErrnoException).code !== "EPIPE") {
        reject(error);
      } else {
        resolve();
      }
    });
  });
}

/** The output of `--json`. */
export const printJson = (output: Output, value: unknown): Promise<void> =>
  print(output, JSON.stringify(value, null, 2));

/** Ends the command of a job: logs the summary, and prints the result for `--json`. Returns the status of the result. */
export async function reportResult<Status>(
  { stdout, logger, json }: { readonly stdout: Output; readonly logger: Logger; readonly json: unknown },
  result: { readonly status: Status },
  summary: readonly string[],
): Promise<Status> {
  for (const line of summary) {
    logger.info(line);
  }
  if (json) {
    await printJson(stdout, result);
  }
  return result.status;
}

const clean = createLineCleaner();

/** Rows under headings in aligned columns. Control characters in cells are escaped; null is shown as `-`. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => clean(String(cell ?? "-"))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `250,000` */
export const formatCount = (value: number): string => value.toLocaleString("en-US");

/** `1 page`, `250 pages` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`;

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** `1.4 GB`, in decimal units. */
export function bytes(value: number): string {
  const step = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  const amount = value / 1000 ** step;
  return `${amount.toLocaleString("en-US", { maximumFractionDigits: amount < 10 && step > 0 ? 1 : 0 })} ${UNITS[step]}`;
}
