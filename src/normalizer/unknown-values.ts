import type { Queryable } from "../database/index.ts";
import { compileVocabulary, type UserVocabulary, type Vocabulary } from "../listing/index.ts";
import { untranslatedWords } from "../listing/internal.ts";
import { requireDependencies } from "../util/dependencies.ts";

/** A value of the data that is in no vocabulary. */
export interface UnknownValue {
  /** Part of the vocabulary that lacks it: a category, `marks`, `models`, `options` or `trims` (a word of them); or `address`. */
  readonly field: string;
  /** Raw text. */
  readonly value: string;
  /** Make of an unknown model. */
  readonly mark?: string;
  /** Number of listings with it. */
  readonly count: number;
  /** `inner_id` of some of them. */
  readonly examples: readonly string[];
}

interface Row {
  readonly field: string;
  readonly value: string;
  readonly mark: string | null;
  readonly count: number;
  readonly examples: readonly string[];
}

/** A category keeps the text of a code `other` in `<name>_raw`; an option without a code has only its text. */
const CANDIDATES = `
  with found as (
    select replace(f.key, '_raw', '') as field, f.value, null as mark, p.inner_id
      from processed_data p cross join lateral jsonb_each_text(p.normalized_data) as f
     where f.key like '%\\_raw'
    union all
    select 'options', o.option ->> 'zh', null, p.inner_id
      from processed_data p cross join lateral jsonb_array_elements(p.options) as o(option)
     where not o.option ? 'code'
    union all
    select 'marks', mark, null, inner_id from processed_data where mark is not null
    union all
    select 'models', model, mark, inner_id from processed_data where model is not null
    union all
    select 'trims', normalized_data ->> 'trim_en', null, inner_id from processed_data where trim is not null
    union all
    select 'address', address, null, inner_id from processed_data where address is not null and city is null)
  select field, value, mark, count(*)::int as count, (array_agg(inner_id order by inner_id))[1:3] as examples
    from found
   where value is not null
   group by field, value, mark
   order by count(*) desc, field, value`;

const HAN = /\p{Script=Han}/u;

/** A make is known when it has labels; a model is unknown only while it is in Chinese. */
function isUnknown(row: Row, vocabulary: Vocabulary): boolean {
  if (row.field === "marks") {
    return !vocabulary.marks.labels.has(row.value);
  }
  return row.field !== "models" || HAN.test(row.value);
}

const MAX_EXAMPLES = 3;

/** The words of trims that stay Chinese, from whole trims. */
function trimWordsOf(rows: readonly Row[]): Row[] {
  const words = new Map<string, Row>();
  for (const { field, value, count, examples } of rows.filter((row) => row.field === "trims")) {
    for (const word of untranslatedWords(value)) {
      const known = words.get(word) ?? { field, value: word, mark: null, count: 0, examples: [] };
      words.set(word, {
        ...known,
        count: known.count + count,
        examples: [...known.examples, ...examples].slice(0, MAX_EXAMPLES),
      });
    }
  }
  return [...words.values()];
}

/** Most frequent first; sorting is stable, so that equal counts keep the order of the statement. */
const byCount = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => b.count - a.count);

/**
 * Values of the data that are in no vocabulary, most frequent first: candidates for a user's vocabulary
 * (`vocabulary.file`), which `normalize --all` then applies. Reads every row of `processed_data`.
 *
 * @param options.field only this part of the vocabulary
 * @param options.limit maximum number of values @default 100
 * @throws ConfigError when `db` is missing or not a database
 */
export async function findUnknownValues(
  db: Queryable,
  options: {
    vocabulary?: UserVocabulary | undefined;
    field?: string | undefined;
    limit?: number | undefined;
  } = {},
): Promise<UnknownValue[]> {
  requireDependencies("findUnknownValues", { database: db }, ["database"]);
  const vocabulary = compileVocabulary(options.vocabulary);
  const { rows } = await db.query<Row>(CANDIDATES);
  return byCount([...rows.filter(({ field }) => field !== "trims"), ...trimWordsOf(rows)])
    .filter(
      (row) => (options.field === undefined || row.field === options.field) && isUnknown(row, vocabulary),
    )
    .slice(0, options.limit ?? 100)
    .map(({ mark, ...row }) => (mark === null ? row : { ...row, mark }));
}
