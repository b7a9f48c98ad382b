/** Counts of a run. */
export interface LoadTotals {
  readonly pages: number;
  readonly loaded: number;
  /** Listings that were already stored. */
  readonly duplicates: number;
  readonly rejected: number;
  /** Characters that were replaced because PostgreSQL cannot store them. */
  readonly repaired: number;
  /** Records without a usable date, which got the arrival time. */
  readonly undated: number;
}

/**
 * Common table expressions that count a stored batch, and add the counts to the run's row, once. They read `inserted`,
 * `rejected` and `moved` of the statement; $1 records, $5 id of the run's row, $6 its counts before.
 */
export const COUNT_STORED = `counts as (
    select (select count(*) from inserted)::int as loaded,
           (jsonb_array_length($1::jsonb) - (select count(*) from inserted))::int as duplicates,
           (select count(*) from rejected)::int as rejected),
  recorded as (
    update operations_log
       set duration = round(extract(epoch from clock_timestamp() - started_at))::int,
           details = (details::jsonb || $6::jsonb || jsonb_build_object(
             'loaded', ($6::jsonb ->> 'loaded')::int + counts.loaded,
             'duplicates', ($6::jsonb ->> 'duplicates')::int + counts.duplicates))::text
      from counts
     where id = $5::int and exists (select from moved))`;

/** Columns of a statement with {@link COUNT_STORED}, which selects from `counts`. */
export const STORED_COUNTS = `counts.*, exists (select from moved) as moved`;

/** A row of {@link STORED_COUNTS}. */
export interface StoredRow {
  readonly loaded: number;
  readonly duplicates: number;
  readonly moved: boolean;
}

/**
 * The run's counts after a batch. Pure.
 *
 * @param totals before the batch
 * @param counts `totals` plus the counts of the batch that are known before it is stored
 * @returns undefined when nothing was stored, because the checkpoint has moved
 */
export function totalsAfter(
  row: StoredRow | undefined,
  totals: LoadTotals,
  counts: LoadTotals,
): LoadTotals | undefined {
  if (!row?.moved) {
    return undefined;
  }
  const { loaded, duplicates } = row;
  return { ...counts, loaded: totals.loaded + loaded, duplicates: totals.duplicates + duplicates };
}
