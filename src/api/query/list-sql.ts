import { LISTED } from "../../database/index.ts";
import { createRecent } from "../cache/recent.ts";
import { CARD_COLUMNS } from "../schema/columns.ts";
import type { OffersQuery } from "./offers-query.ts";
import { type SortKey, sortOf } from "./sorts.ts";

/** A statement with its values. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Which part of a sorted list: the rows that have a value to sort by, or those behind them that have none. */
export type Branch = "keyed" | "keyless";

/** A row that {@link listStatement} gives: where a listing stands, and the listing. */
export interface ListRow {
  readonly id: number;
  /** Its sort key as text. */
  readonly key: string | null;
  /** The listing as JSON. */
  readonly item: string;
}

const CARD = CARD_COLUMNS.map(({ name, sql }) => (sql === name ? name : `${sql} as ${name}`)).join(", ");
/** Texts by their conditions: to put one together, and to find its name by all of it, costs more than the rest. */
const texts = createRecent<string>(500);

/**
 * The statement for a part of a list. Keys are found in an index-only scan, then only those rows are read: by a
 * subquery a row, because a join costs PostgreSQL a sixth more, all of it for planning. A row a listing: to number and
 * join them in the statement costs a quarter more, and saves this process nothing.
 *
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
  const size = `limit ${bind(part.limit)}::int${part.offset ? ` offset ${bind(part.offset)}::int` : ""}`;
  const conditions = where.join(" and ");
  const shape = `${query.sort} ${part.branch} ${size} ${conditions}`;
  let text = texts.get(shape);
  if (text === undefined) {
    const order = (alias: string) =>
      part.branch === "keyed"
        ? `${alias}${column} ${direction}, ${alias}id ${direction}`
        : `${alias}id ${direction}`;
    const key = part.branch === "keyed" || !nullable ? `k.${column}::text` : "null";
    text = `
select k.id, ${key} as key,
       (select row_to_json(x)::text from (select ${CARD} from processed_data p where p.id = k.id) x) as item
  from (select id, ${column} from processed_data
         where ${conditions}
         order by ${order("")} ${size}) k
 order by ${order("k.")}`;
    texts.set(shape, text);
  }
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
  // PostgreSQL checks what it takes for cheap first, and does not know that the words of a row lie outside of it: of
  // all comparisons only one with a list of one value is cheaper to it than a search for words.
  const searchesWords = query.conditions.some(({ kind }) => kind === "words");
  for (const condition of query.conditions) {
    if (condition.kind === "values") {
      const [only, ...more] = condition.values;
      where.push(
        more.length === 0 && !searchesWords
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
