import type { Queryable } from "../database/index.ts";
import { Che168Error } from "../errors.ts";
import type { Logger } from "../logging/types.ts";
import { addDays, dayOf } from "../util/days.ts";
import type { ExportFile } from "./types.ts";

/** Older files lack too many changes of the feed, which keeps 7 days. */
const MAX_AGE_DAYS = 5;

/** `all_active.csv of 2026-11-27`, or the name and day of a local file. */
export const fileLabel = ({ name, date }: Pick<ExportFile, "name" | "date">): string =>
  name.includes(date) ? name : `${name} (${date})`;

/** The service names its files by the days of Moscow. */
const SERVICE_TIMEZONE = "Europe/Moscow";

/**
 * Rejects a file dated in the future: changes since the file was made would count as part of it.
 *
 * @throws Che168Error `EXPORT_INVALID`
 */
export function refuseFuture(file: ExportFile, now: Date, timezone: string): void {
  if (file.date > dayOf(now, timezone) && file.date > dayOf(now, SERVICE_TIMEZONE)) {
    throw new Che168Error(
      "EXPORT_INVALID",
      `${fileLabel(file)} is dated in the future. Name the day on which the file was made: its folder, or --date.`,
      { details: { date: file.date } },
    );
  }
}

/** Why a file is too old for the feed to make up for the changes since then; undefined when it is not. */
export function staleReason(file: ExportFile, now: Date, timezone: string): string | undefined {
  return file.date < addDays(dayOf(now, timezone), -MAX_AGE_DAYS)
    ? `${fileLabel(file)} is older than ${MAX_AGE_DAYS} days: the change feed no longer has everything since then.`
    : undefined;
}

/** The error of a file that is too old. @param remedy a sentence */
export const staleError = (reason: string, remedy: string, file: ExportFile): Che168Error =>
  new Che168Error("EXPORT_STALE", `${reason} ${remedy}`, { details: { date: file.date } });

/** Logs columns that are unusual. */
export function reportColumns(file: ExportFile, logger: Logger): void {
  const { unknown, missing } = file.columns;
  if (unknown.length > 0) {
    logger.warn(
      `${fileLabel(file)} has unknown columns, which are stored as they are: ${unknown.join(", ")}`,
    );
  }
  if (missing.length > 0) {
    logger.warn(`${fileLabel(file)} lacks the columns ${missing.join(", ")}`);
  }
}

/** Number of sampled listings, and the share of them that must have a member. */
const SAMPLE = 500;
const SHARE = 0.05;

/**
 * Columns that a file must have so that nothing is lost: those of the last file, else the members that the newest active
 * listings have in common.
 */
export async function previousColumns(db: Queryable): Promise<readonly string[]> {
  const found = await db.query<{ columns: readonly string[] }>(
    "select columns from export_state where id = 1 and finished_at is not null",
  );
  if (found.rows[0] !== undefined) {
    return found.rows[0].columns;
  }
  const { rows } = await db.query<{ key: string }>(
    `with sample as (
       select data from raw_data
        where active_status = 0 and completeness = 'complete' and jsonb_typeof(data) = 'object'
        order by id desc limit ${SAMPLE})
     select key from sample, jsonb_object_keys(data) as key
      group by key having count(*) >= ${SHARE} * (select count(*) from sample) order by key`,
  );
  return rows.map(({ key }) => key);
}

/** Records a file that the copy is now equal to: its columns are what the next file must have. */
export async function recordFile(db: Queryable, file: ExportFile, records: number): Promise<void> {
  await db.query(
    `insert into export_state (id, file, version, columns, records, started_at, finished_at)
     values (1, $1, $2, $3, $4, clock_timestamp(), clock_timestamp())
     on conflict (id) do update
        set file = excluded.file, version = excluded.version, columns = excluded.columns, position = null,
            records = excluded.records, started_at = excluded.started_at, finished_at = excluded.finished_at`,
    [fileLabel(file), file.version, JSON.stringify(file.columns.names), records],
  );
}
