import { maskRawListing } from "../../listing/internal.ts";
import type { CatalogueRow, FeedRow } from "./read-mirror.ts";

/** Whether documents are sent as stored, or masked. */
export type MirrorMode = true | "raw";

/** The document of a listing as the mirror sends it, from JSON to JSON. Pure. */
export function renderDocument(data: string, mode: MirrorMode): string {
  return mode === "raw" ? data : JSON.stringify(maskRawListing(JSON.parse(data)));
}

/** A listing of `/offers`, as JSON. Pure. */
export function catalogueRecord(row: CatalogueRow, mode: MirrorMode): string {
  const head = JSON.stringify({
    id: row.id,
    inner_id: row.inner_id,
    change_type: "added",
    created_at: row.created_at,
  });
  return `${head.slice(0, -1)},"data":${renderDocument(row.data, mode)}}`;
}

/** An entry of `/changes`, as JSON: `added` with the whole document, or `removed`. Pure. */
export function feedRecord(row: FeedRow, mode: MirrorMode): string {
  const tail = JSON.stringify({
    inner_id: row.inner_id,
    change_type: row.data === null ? "removed" : "added",
    created_at: row.at,
  });
  const data = row.data === null ? "{}" : renderDocument(row.data, mode);
  return `{"id":${row.id},${tail.slice(1, -1)},"data":${data}}`;
}

/** `{"result":[…],"meta":…}` from records that are JSON. Pure. */
export const listBody = (records: readonly string[], meta: Readonly<Record<string, unknown>>): string =>
  `{"result":[${records.join(",")}],"meta":${JSON.stringify(meta)}}`;

/**
 * One listing in every form that the service's clients read: `inner_id` and `data`, and a list of one record. Pure.
 */
export function offerBody(row: CatalogueRow, mode: MirrorMode): string {
  const record = catalogueRecord(row, mode);
  return `${record.slice(0, -1)},"result":[${record}],"meta":{"limit":20}}`;
}
