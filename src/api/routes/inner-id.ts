import type { H3Event } from "h3";

/** Length of the column. */
const MAX_ID_LENGTH = 255;

/** The id of the listing in the path, decoded. */
export function innerIdOf(event: H3Event): string {
  const raw = event.context.params?.inner_id ?? "";
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** Whether a listing may have this id. PostgreSQL cannot store U+0000. */
export const isPossibleId = (innerId: string): boolean =>
  innerId !== "" && innerId.length <= MAX_ID_LENGTH && !innerId.includes("\0");
