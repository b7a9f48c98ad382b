import { resolve } from "node:path";
import { isChe168Error } from "../errors.ts";
import type { ExportOpener } from "../reconciler/index.ts";
import { isDay } from "../util/days.ts";
import { A_DAY, mustBe, quoted } from "../util/must-be.ts";
import { NO_VALUE, usageError } from "./args.ts";
import type { Context } from "./context.ts";
import { openInputFile } from "./input-file.ts";

/** Flags of commands that read a daily file. */
export const exportArgs = {
  "from-export": {
    type: "string",
    valueHint: "[file|date]",
    description: "Read a daily file: the newest, that of a day (2026-11-27), or one on disk (CSV, also gzip)",
  },
  date: {
    type: "string",
    valueHint: "day",
    description: "Day of a file on disk whose path does not name it",
  },
} as const;

/** Names of files that the service offers in other formats. */
const NOT_CSV = /\.(xlsx?|json|zip)$/i;
/** The form of a day; {@link isDay} checks that it exists. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

function dayOrUndefined(text: string | undefined, flag: string): string | undefined {
  if (text !== undefined && !isDay(text)) {
    const problem = DAY.test(text) ? "; the calendar has no such day" : "";
    throw usageError(`${flag} ${mustBe(A_DAY, text)}${problem}`);
  }
  return text;
}

/**
 * The function that opens the daily file which the flags choose; undefined without `--from-export`. Call `configure`
 * first.
 *
 * @throws Che168Error `USAGE`
 * @throws ConfigError when the file is one of the service, and its address is not configured
 */
export async function exportOpener(
  args: { readonly "from-export"?: string | undefined; readonly date?: string | undefined },
  context: Context,
): Promise<ExportOpener | undefined> {
  const choice = args["from-export"];
  const date = dayOrUndefined(args.date, "--date");
  if (choice === undefined) {
    if (date !== undefined) {
      throw usageError("--date belongs to --from-export FILE");
    }
    return undefined;
  }
  const [, format] = NOT_CSV.exec(choice) ?? [];
  if (format !== undefined) {
    throw usageError(
      `--from-export reads CSV, plain or gzip, and ${quoted(choice)} is .${format}: download all_active.csv of the same day, or let --from-export 2026-11-27 read it from the service`,
    );
  }
  const { config } = await context.configure();
  if (choice !== NO_VALUE && !DAY.test(choice)) {
    return localFile(resolve(context.cwd, choice), date, {
      timezone: config.timezone,
      signal: context.signal,
    });
  }
  if (date !== undefined) {
    throw usageError("--date is the day of a file on disk; for one of the service write --from-export DATE");
  }
  const { requireExport } = await import("../config/index.ts");
  requireExport(config);
  return newestFile(context, choice === NO_VALUE ? undefined : dayOrUndefined(choice, "--from-export"));
}

/**
 * The function that opens a daily file on disk.
 *
 * @throws Che168Error `USAGE` when it is missing, unreadable or in another format
 */
async function localFile(
  path: string,
  date: string | undefined,
  { timezone, signal }: { timezone: string; signal: AbortSignal },
): Promise<ExportOpener> {
  const readable = await openInputFile(
    path,
    "check the path, or write --from-export without one to read the newest file of the service",
  );
  await readable.close();
  const { openExport } = await import("../export-file/index.ts");
  const open: ExportOpener = (call) => openExport({ path, date }, { timezone }, call);
  try {
    await open({ signal });
  } catch (error) {
    // The run reports missing columns, because they depend on the stored listings.
    if (isChe168Error(error) && error.code === "EXPORT_INVALID") {
      throw usageError(error.message);
    }
  }
  return open;
}

/** The function that opens the newest daily file of the service, or that of a day; undefined when none is configured. */
export async function newestFile(context: Context, date?: string): Promise<ExportOpener | undefined> {
  const { config, logger } = await context.configure();
  const { timezone, upstream } = config;
  const { timeoutMs, retry } = upstream;
  const { url, ...credentials } = upstream.export;
  if (url === undefined) {
    return undefined;
  }
  const { openExport } = await import("../export-file/index.ts");
  const remote = { account: { url, ...credentials }, timeoutMs, retry, proxyEnv: context.env, logger };
  return (call) => openExport({ remote, date }, { timezone }, call);
}
