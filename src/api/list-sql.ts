import { LISTED } from "../database/entities/processed-data.ts";
import type { Column } from "./columns.ts";
import type { OffersQuery } from "./offers-query.ts";
import { type SortKey, sortOf } from "./sorts.ts";

/** A statement with its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Which part of a sorted list: the rows that have a value to sort by, or those behind them that have none. */
export type Branch = "keyed" | "keyless";

/** What {@link listStatement} gives: one row. */
export interface ListPart {
  /** Rows that were found, one more than asked for when there are more. */
  readonly found: number;
  /** The listings asked for as JSON, separated by commas; null when there are none. */
  readonly items: string | null;
  /** Where the last of them stands: its sort key as text, and its id. */
  readonly key: string | null;
  readonly id: number | null;
}

/**
 * The statement for a part of a list. Keys are found in an index-only scan, then only those rows are read. The answer is
 * one text: to take twenty rows apart costs the server as much as the rest of the request.
 *
 * @param part.limit how many listings; one more is looked for
 * @param part.after the row behind which to go on (keyset), within the branch
 * @param part.newestId listings with greater ids are left out: they came after the first page was read
 */
export function listStatement(
  query: Pick<OffersQuery, "conditions" | "sort">,
  part: {
    branch: Branch;
    limit: number;
    offset?: number;
    after?: { key: string | null; id: number } | undefined;
    newestId?: number | undefined;
  },
  columns: readonly Column[],
): Statement {
  const { column, descending, nullable } = sortOf(query.sort);
  const values: unknown[] = [];
  const bind = binderOf(values);
  const where = selectionOf(query, part.branch, bind);
  const [than, direction] = descending ? ["<", "desc"] : [">", "asc"];
  if (part.after !== undefined) {
    where.push(afterCondition(query.sort, part.branch, part.after, than, bind));
  }
  if (part.newestId !== undefined) {
    where.push(`id <= ${bind(part.newestId)}::int`);
  }
  const order = part.branch === "keyed" ? `${column} ${direction}, id ${direction}` : `id ${direction}`;
  const limit = `${bind(part.limit)}::int`;
  const offset = part.offset === undefined || part.offset === 0 ? "" : ` offset ${bind(part.offset)}::int`;
  const key = part.branch === "keyed" || !nullable ? `${column}::text` : "null::text";
  const text = `
select count(*)::int as found,
       string_agg(item, ',' order by place) filter (where place <= ${limit}) as items,
       max(key) filter (where place = least(${limit}, total)) as key,
       max(id) filter (where place = least(${limit}, total)) as id
  from (select k.id, k.key, k.place, k.total, row_to_json(x)::text as item
          from (select id, ${key} as key, row_number() over (order by ${order}) as place, count(*) over () as total
                  from (select id, ${column} from processed_data
                         where ${where.join(" and ")}
                         order by ${order} limit ${limit} + 1${offset}) keys) k
         cross join lateral (
               select ${columns.map(({ name, sql }) => (sql === name ? name : `${sql} as ${name}`)).join(", ")}
                 from processed_data p where p.id = k.id) x) items`;
  return { text, values };
}

/** How many rows of a selection have a value to sort by. */
export function countStatement(
  query: Pick<OffersQuery, "conditions" | "sort">,
  newestId: number | undefined,
): Statement {
  const values: unknown[] = [];
  const bind = binderOf(values);
  const where = selectionOf(query, "keyed", bind);
  if (newestId !== undefined) {
    where.push(`id <= ${bind(newestId)}::int`);
  }
  return { text: `select count(*)::int as count from processed_data where ${where.join(" and ")}`, values };
}

/** Adds a value to a statement and gives its place, `$3`. */
type Bind = (value: unknown) => string;
const binderOf =
  (values: unknown[]): Bind =>
  (value) =>
    `$${values.push(value)}`;

function selectionOf(query: Pick<OffersQuery, "conditions" | "sort">, branch: Branch, bind: Bind): string[] {
  const { column, nullable } = sortOf(query.sort);
  const where = [LISTED];
  for (const condition of query.conditions) {
    if (condition.kind === "values") {
      const [only, ...more] = condition.values;
      where.push(
        more.length === 0
          ? `${condition.column} = ${bind(only)}::text`
          : `${condition.column} = any(${bind(condition.values)}::text[])`,
      );
    } else if (condition.kind === "words") {
      where.push(`search @@ ${bind(searchExpression(condition.words))}::tsquery`);
    } else {
      const type = condition.column === "displacement" ? "numeric" : "int";
      if (condition.from !== undefined) {
        where.push(`${condition.column} >= ${bind(String(condition.from))}::${type}`);
      }
      if (condition.to !== undefined) {
        where.push(`${condition.column} <= ${bind(String(condition.to))}::${type}`);
      }
    }
  }
  if (nullable) {
    where.push(`${column} is ${branch === "keyed" ? "not null" : "null"}`);
  }
  return where;
}

function afterCondition(
  sort: SortKey,
  branch: Branch,
  after: { key: string | null; id: number },
  than: string,
  bind: Bind,
): string {
  const { column, type } = sortOf(sort);
  return branch === "keyed"
    ? `(${column}, id) ${than} (${bind(after.key)}::${type}, ${bind(after.id)}::int)`
    : `id ${than} ${bind(after.id)}::int`;
}

/**
 * All words, each from its beginning; a single letter or digit is a whole word, or it would find nearly everything.
 * A word is quoted as PostgreSQL reads tsquery, so that nothing in it is an operator.
 */
function searchExpression(words: readonly string[]): string {
  return words
    .map((word) => {
      const quoted = `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
      return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{N}]$/u.test(word) ? quoted : `${quoted}:*`;
    })
    .join(" & ");
}
