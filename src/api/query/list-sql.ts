import { LISTED } from "../../database/index.ts";
import type { StatementCache } from "../cache/query-cache.ts";
import { CARD_COLUMNS, SELECTABLE } from "../schema/schemas.ts";
import { type Bind, binderOf, conditionsSql } from "./conditions-sql.ts";
import type { Condition, OffersQuery } from "./offers-query.ts";
import { keyExpression, type SortKey, sortOf } from "./sort.ts";

/** A statement with its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** Set once the statement is worth preparing. */
  readonly name?: string | undefined;
  /** See `Queryable`. */
  readonly keepsPlan?: boolean | undefined;
}

/** Part of a sorted list: the rows that have a sort value, or those without one, which follow. */
export type Branch = "keyed" | "keyless";

/** A row of {@link listStatement}. */
export interface ListRow {
  readonly id: number;
  /** Sort value as text, see `keyOf`. */
  readonly key: string | null;
  /** The listing as JSON. */
  readonly item: string;
}

type ListQuery = Pick<OffersQuery, "conditions" | "sort"> & Partial<Pick<OffersQuery, "fields">>;

const named = (name: string, sql: string) => (sql === name ? name : `${sql} as ${name}`);
const CARD = CARD_COLUMNS.map(({ name, sql }) => named(name, sql)).join(", ");

/** The select list of a listing's members. @param fields default: those of a card */
export const membersSql = (fields: readonly string[] | undefined): string =>
  fields === undefined ? CARD : fields.map((name) => named(name, SELECTABLE.get(name) ?? "null")).join(", ");

/** A listing's members, at most a hundred, as one JSON array. It takes PostgreSQL a quarter less time than an object. */
const arraySql = (fields: readonly string[]): string =>
  `json_build_array(${fields.map((name) => SELECTABLE.get(name) ?? "null").join(", ")})::text`;

/**
 * The statement for a part of a list. Keys are found by an index-only scan, then only those rows are read. A subquery per
 * row, because a join adds a sixth to PostgreSQL's time, all of it planning. One row per listing: numbering and joining them
 * in the statement adds a quarter and saves this process nothing.
 *
 * @param part.after the keyset position to continue from, within the branch
 * @param part.newestId listings with greater ids are left out: they were added after the first page was read
 * @param statements without it, the text is rebuilt each time and never prepared
 */
export function listStatement(
  query: ListQuery,
  part: {
    readonly branch: Branch;
    readonly limit: number;
    readonly offset?: number | undefined;
    readonly after?: { readonly key: string | null; readonly id: number } | undefined;
    readonly newestId?: number | undefined;
    /** The items are arrays of the fields' values. @default objects */
    readonly asArrays?: boolean | undefined;
  },
  statements?: StatementCache,
): Statement {
  const sort = sortOf(query.sort);
  const values: unknown[] = [];
  const bind = binderOf(values);
  const where = selectionOf(query, part.branch, bind);
  const [than, direction] = sort.descending ? ["<", "desc"] : [">", "asc"];
  if (part.after !== undefined) {
    where.push(afterCondition(query.sort, part.branch, part.after, than, bind));
  }
  if (part.newestId !== undefined) {
    where.push(`id <= ${bind(part.newestId)}::int`);
  }
  const size = `limit ${bind(part.limit)}::int${part.offset ? ` offset ${bind(part.offset)}::int` : ""}`;
  const conditions = where.join(" and ");
  const build = () => {
    const order = (alias: string) =>
      part.branch === "keyed"
        ? `${alias}${sort.column} ${direction}, ${alias}id ${direction}`
        : `${alias}id ${direction}`;
    const key = part.branch === "keyed" || !sort.nullable ? keyExpression(sort, "k") : "null";
    const row = "processed_data p where p.id = k.id";
    const item = part.asArrays
      ? `select ${arraySql(query.fields ?? [])} from ${row}`
      : `select row_to_json(x)::text from (select ${membersSql(query.fields)} from ${row}) x`;
    return `
select k.id, ${key} as key,
       (${item}) as item
  from (select id, ${sort.column} from processed_data
         where ${conditions}
         order by ${order("")} ${size}) k
 order by ${order("k.")}`;
  };
  // The short shape identifies the text: building and hashing the whole text costs more than the rest.
  const shape = `${query.sort} ${part.branch} ${size} ${part.asArrays ?? ""} ${query.fields ?? ""} ${conditions}`;
  // Without a selection, the index of the sort serves every position; otherwise the plan depends on how frequent the values are.
  const keepsPlan = part.branch === "keyed" && query.conditions.length === 0;
  return { ...(statements?.get(shape, build) ?? { text: build() }), values, keepsPlan };
}

/** Counts the rows of a selection that have a sort value. */
export function countStatement(
  query: ListQuery,
  newestId: number | undefined,
  statements: StatementCache,
): Statement {
  const values: unknown[] = [];
  const bind = binderOf(values);
  const where = selectionOf(query, "keyed", bind);
  if (newestId !== undefined) {
    where.push(`id <= ${bind(newestId)}::int`);
  }
  const text = `select count(*)::int as count from processed_data where ${where.join(" and ")}`;
  return { ...statements.get(text, () => text), values };
}

/** Counts a selection. */
export function totalStatement(conditions: readonly Condition[]): Statement {
  const values: unknown[] = [];
  const where = [LISTED, ...conditionsSql(conditions, binderOf(values))].join(" and ");
  return { text: `select count(*)::int as count from processed_data where ${where}`, values };
}

/** Listings by their ids, active or not, in this order. */
export function idsStatement(ids: readonly string[], fields: readonly string[] | undefined): Statement {
  const text = `
select (select row_to_json(x)::text from (select ${membersSql(fields)}) x) as item
  from unnest($1::text[]) with ordinality as wanted(inner_id, place)
  join processed_data using (inner_id)
 order by place`;
  return { text, values: [ids] };
}

function selectionOf(query: ListQuery, branch: Branch, bind: Bind): string[] {
  const { column, nullable } = sortOf(query.sort);
  const where = [LISTED, ...conditionsSql(query.conditions, bind)];
  if (nullable) {
    where.push(`${column} is ${branch === "keyed" ? "not null" : "null"}`);
  }
  return where;
}

function afterCondition(
  sort: SortKey,
  branch: Branch,
  after: { readonly key: string | null; readonly id: number },
  than: string,
  bind: Bind,
): string {
  const { column, type } = sortOf(sort);
  return branch === "keyed"
    ? `(${column}, id) ${than} (${bind(after.key)}::${type}, ${bind(after.id)}::int)`
    : `id ${than} ${bind(after.id)}::int`;
}
