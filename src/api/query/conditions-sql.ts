import { columnTypeOf, FIELDS } from "../../listing/fields.ts";
import type { SearchTerm, SearchWord } from "../../listing/internal.ts";
import { hasValue } from "./has-value.ts";
import type { Condition } from "./offers-query.ts";

/** Adds a value to a statement and returns its placeholder, `$3`. */
export type Bind = (value: unknown) => string;

export const binderOf =
  (values: unknown[]): Bind =>
  (value) =>
    `$${values.push(value)}`;

/** The SQL of conditions, to be joined by AND. */
export function conditionsSql(conditions: readonly Condition[], bind: Bind): string[] {
  // PostgreSQL evaluates cheap conditions first, but ignores that `search` is stored out of line. Of all comparisons, only
  // one with a list of one value has a lower estimated cost than a text search.
  const searchesWords = conditions.some(({ kind }) => kind === "words");
  return conditions.flatMap((condition): string[] => {
    const { kind } = condition;
    if (kind === "values") {
      const type = FIELDS[condition.column].kind === "int" ? "int" : "text";
      const [only, ...more] = condition.values;
      return [
        more.length === 0 && !searchesWords
          ? `${condition.column} = ${bind(only)}::${type}`
          : `${condition.column} = any(${bind(condition.values)}::${type}[])`,
      ];
    }
    if (kind === "words") {
      return [
        condition.terms.length === 0
          ? "false"
          : `search @@ ${bind(searchExpression(condition.terms))}::tsquery`,
      ];
    }
    if (kind === "flag") {
      return [`${condition.is ? "" : "not "}(${hasValue(condition.column)})`];
    }
    if (kind === "since") {
      return [`${condition.column} >= ${bind(condition.at)}::timestamptz`];
    }
    if (kind === "passable") {
      return [
        `passable_from <= ${bind(condition.from)}::date`,
        `passable_until >= ${bind(condition.until)}::date`,
      ];
    }
    const type = FIELDS[condition.column].kind === "decimal" ? "numeric" : columnTypeOf(condition.column);
    const bounds = [];
    if (condition.from !== undefined) {
      bounds.push(`${condition.column} >= ${bind(String(condition.from))}::${type}`);
    }
    if (condition.to !== undefined) {
      bounds.push(`${condition.column} <= ${bind(String(condition.to))}::${type}`);
    }
    return bounds;
  });
}

/** A tsquery that requires one word of every term. Words are quoted, so nothing in them is an operator. */
function searchExpression(terms: readonly SearchTerm[]): string {
  const quoted = ({ text, isPrefix }: SearchWord) =>
    `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'${isPrefix ? ":*" : ""}`;
  return terms.map((term) => `(${term.map(quoted).join(" | ")})`).join(" & ");
}
