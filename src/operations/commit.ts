/**
 * An expression that spares a transaction the wait for the disk when `condition` holds. Only where rows and position
 * are one transaction: a server that crashes then stands a little back, and the next run reads that again. The embedded
 * database always waits: what it has not written dies with the process, and a SIGKILL would cost what was stored.
 *
 * @param condition SQL of a boolean
 */
export const withoutWaitingForDisk = (condition = "true"): string =>
  `set_config('synchronous_commit',
     case when (${condition}) and version() not like '%PGlite%' then 'off' else 'on' end, true)`;
