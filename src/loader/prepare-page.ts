import { type Rejection, rejectedParameter } from "../database/rejected.ts";
import { repairJsonText, sliceRecords } from "../upstream/json-text.ts";
import { type ListingRecord, readRecords } from "../upstream/records.ts";

/** A page of the catalogue as it came. */
export interface PageToStore {
  readonly page: number;
  /** The page behind it, or null at the end of the catalogue. */
  readonly nextPage: number | null;
  readonly text: string;
  readonly records: readonly unknown[];
}

/** A record that can be stored, with its text. */
export interface StorableRecord extends Omit<ListingRecord, "data"> {
  /** Its JSON as it came, repaired where PostgreSQL must have it so. */
  readonly text: string;
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
  /** Parameters of the statement: the records' texts in one, what is known of them, what was rejected. */
  readonly documents: string;
  readonly known: string;
  readonly rejected: string;
}

/** Stands between the texts of records: a control character, which JSON has only as an escape. */
const SEPARATOR = "\u001e";

type Parted = Pick<PreparedPage, "page" | "nextPage" | "size" | "records" | "rejections">;

const withParameters = (page: Parted): PreparedPage => ({
  ...page,
  documents: page.records.map(({ text }) => text).join(SEPARATOR),
  known: JSON.stringify(
    page.records.map(({ innerId, changeType, createdAt, hasData }, index) => ({
      n: index + 1,
      inner_id: innerId,
      change_type: changeType,
      created_at: createdAt,
      has_data: hasData,
    })),
  ),
  rejected: rejectedParameter(page.rejections, "initial_load"),
});

/**
 * Parts a page into what can be stored and what cannot. Keeps the records' texts but not their values, so that what was
 * parsed can be forgotten at once.
 *
 * @param now the time of arrival
 */
export function preparePage({ page, nextPage, text, records }: PageToStore, now: Date): PreparedPage {
  const slices = sliceRecords(text);
  const read = readRecords(records, slices, now);
  const textOf = (index: number) => slices[index]?.text ?? "";
  return withParameters({
    page,
    nextPage,
    size: records.length,
    records: read.records.map(({ data: _, ...record }) => ({
      ...record,
      ...repairJsonText(textOf(record.index)),
    })),
    rejections: read.rejected.map(({ index, ...why }) => ({ ...why, text: textOf(index) })),
  });
}

/**
 * The page without the records that PostgreSQL refused, which are rejected with their text as it came.
 *
 * @param reasons why, by the record's place on the page
 */
export function setAside(
  prepared: PreparedPage,
  text: string,
  reasons: ReadonlyMap<number, string>,
): PreparedPage {
  const slices = sliceRecords(text);
  const rejections = prepared.records.flatMap(({ index, innerId, changeId }): Rejection[] => {
    const reason = reasons.get(index);
    return reason === undefined ? [] : [{ reason, innerId, changeId, text: slices[index]?.text ?? "" }];
  });
  return withParameters({
    ...prepared,
    records: prepared.records.filter(({ index }) => !reasons.has(index)),
    rejections: [...prepared.rejections, ...rejections],
  });
}
