/**
 * Settings of the sessions that the API reads with, for `createDatabase({ session })`. Lists are small parts of a large
 * table: a plan made for the values at hand is up to a thousand times as fast as one for any values, and compiling or
 * spreading such a query over processes costs more than the query. Only for reading: loading and normalising need longer
 * statements and use a `Database` of their own.
 */
export const API_SESSION: readonly string[] = [
  "-c jit=off",
  "-c random_page_cost=1.1",
  "-c plan_cache_mode=force_custom_plan",
  "-c max_parallel_workers_per_gather=0",
  "-c statement_timeout=5s",
];

/**
 * How `createDatabase` is to open a PostgreSQL server for the API. A connection that died without a word is given up some
 * time after the request that waited for it.
 */
export const API_CONNECTIONS = { session: API_SESSION, queryTimeoutMs: 8_000 } as const;
