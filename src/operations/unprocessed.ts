const CHECKPOINT = "coalesce((select after_id from normalize_state), 2147483647)";

/**
 * SQL that counts the rows to be normalised: in an unfinished run over every row all those after its checkpoint, otherwise
 * those that are marked. Reads indexes only.
 */
export const UNPROCESSED = `(
  (select count(*) from raw_data where not is_processed and id <= ${CHECKPOINT})
  + (select count(*) from raw_data where id > ${CHECKPOINT}))`;
