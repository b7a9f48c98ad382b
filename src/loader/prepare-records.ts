import { type ListingRecord, readRecords } from "../operations/records.ts";
import { type Rejection, rejectedParameter } from "../operations/rejected.ts";
import type { OffersPage } from "../upstream/index.ts";
import { repairJsonText } from "../upstream/internal.ts";

/** A record that can be stored. */
export interface StorableRecord extends ListingRecord {
  /** The JSON of its data where that is not as it came: repaired for PostgreSQL, or empty. */
  readonly document: string | undefined;
  /** How many characters of it were replaced. */
  readonly repaired: number;
}

/** A page whose records are parted into what can be stored and what cannot, ready to be sent. */
export interface PreparedPage {
  readonly page: number;
  readonly nextPage: number | null;
  /** How many records it has. */
  readonly size: number;
  readonly records: readonly StorableRecord[];
  readonly rejections: readonly Rejection[];
  /** Parameters of the statement: the answer, what is known of its records, what was rejected. */
  readonly body: Buffer;
  readonly known: string;
  readonly rejected: string;
}

/** Escapes that may have to be repaired; without any, the data is not looked into. */
const SIGN = "\\u";

type Parted = Pick<PreparedPage, "page" | "nextPage" | "size" | "records" | "rejections" | "body">;

const withParameters = (page: Parted): PreparedPage => ({
  ...page,
  known: JSON.stringify(
    page.records.map(({ innerId, changeType, createdAt, data, document }) => ({
      inner_id: innerId,
      change_type: changeType,
      created_at: createdAt,
      // PostgreSQL counts bytes from 1.
      ...(document === undefined && data
        ? { first: data.start + 1, size: data.end - data.start }
        : { document }),
    })),
  ),
  rejected: rejectedParameter(page.rejections, "initial_load"),
});

function toStorable(record: ListingRecord, body: Buffer): StorableRecord {
  if (record.data === undefined) {
    return { ...record, document: "{}", repaired: 0 };
  }
  const data = body.subarray(record.data.start, record.data.end);
  if (!data.includes(SIGN)) {
    return { ...record, document: undefined, repaired: 0 };
  }
  const { text, repaired } = repairJsonText(data.toString());
  return { ...record, document: repaired > 0 ? text : undefined, repaired };
}

/** The JSON of a record's data, as it is stored. */
export const documentOf = ({ document, data }: StorableRecord, body: Buffer): string =>
  document ?? body.toString("utf8", data?.start, data?.end);

const textOf = ({ body, parts }: OffersPage, index: number): string =>
  body.toString("utf8", parts[index]?.start, parts[index]?.end);

/**
 * Parts a page into what can be stored and what cannot. Nothing is decoded or copied: PostgreSQL gets the bytes that
 * came.
 *
 * @param now the time of arrival
 */
export function preparePage(answer: OffersPage, now: Date): PreparedPage {
  const { page, nextPage, body, parts } = answer;
  const read = readRecords(parts, now);
  return withParameters({
    page,
    nextPage,
    size: parts.length,
    body,
    records: read.records.map((record) => toStorable(record, body)),
    rejections: read.rejected.map(({ index, ...why }) => ({ ...why, text: textOf(answer, index) })),
  });
}

/**
 * The page without the records that PostgreSQL refused, which are rejected with their text as it came.
 *
 * @param reasons why, by the record's place on the page
 */
export function rejectRecords(
  prepared: PreparedPage,
  answer: OffersPage,
  reasons: ReadonlyMap<number, string>,
): PreparedPage {
  const rejections = prepared.records.flatMap(({ index, innerId, changeId }): Rejection[] => {
    const reason = reasons.get(index);
    return reason === undefined ? [] : [{ reason, innerId, changeId, text: textOf(answer, index) }];
  });
  return withParameters({
    ...prepared,
    records: prepared.records.filter(({ index }) => !reasons.has(index)),
    rejections: [...prepared.rejections, ...rejections],
  });
}
