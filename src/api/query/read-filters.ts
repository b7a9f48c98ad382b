import { LISTED, type Queryable } from "../../database/index.ts";
import { FIELDS, type Field, type FieldOf, type FieldWith, fieldsWith } from "../../listing/fields.ts";

type Facet<K extends Field["kind"]> = Extract<FieldWith<"facet">, FieldOf<K>>;
const facets = <K extends Field["kind"]>(kind: K) =>
  fieldsWith("facet").filter((name): name is Facet<K> => FIELDS[name].kind === kind);

/** Columns whose values are counted. */
export const COUNTED = facets("category");
export type Counted = (typeof COUNTED)[number];

/** Columns with a minimum and a maximum. */
export const RANGED = facets("int");
export type Ranged = (typeof RANGED)[number];

export interface Count {
  readonly value: string;
  readonly count: number;
}

/** Every value in use of the filters, with its count; most frequent first. */
export interface Facets {
  readonly total: number;
  readonly marks: readonly (Count & { readonly models: readonly Count[] })[];
  readonly provinces: readonly Count[];
  readonly cities: readonly (Count & { readonly province: string | null })[];
  readonly counts: Readonly<Record<Counted, readonly Count[]>>;
  readonly ranges: Readonly<Record<Ranged, { readonly min: number | null; readonly max: number | null }>>;
}

const PAIRS = [
  ["mark", "model"],
  ["province", "city"],
] as const;
const ALL = [...PAIRS.flat(), ...COUNTED];

/** One statement, so that all figures are of one snapshot. `g` is the grouping set: the bit of a grouped column is 0. */
const FACETS = `
select json_build_object(
  'groups', (select coalesce(json_agg(row_to_json(f)), '[]') from (
    select ${ALL.join(", ")}, grouping(${ALL.join(", ")}) as g, count(*) as n
      from processed_data where ${LISTED}
     group by grouping sets (${[...PAIRS.map((pair) => `(${pair.join(", ")})`), ...COUNTED.map((one) => `(${one})`)].join(", ")})) f),
  'ranges', (select row_to_json(r) from (select ${RANGED.flatMap((column) => [
    `(select min(${column}) from processed_data where ${LISTED}) as ${column}_min`,
    `(select max(${column}) from processed_data where ${LISTED}) as ${column}_max`,
  ]).join(", ")}) r))::text as facets`;

type Group = Readonly<Partial<Record<(typeof ALL)[number], string | null>>> & {
  readonly g: number;
  readonly n: number;
};

/** Whether a group belongs to the grouping set with this column. */
const isIn = ({ g }: Group, column: (typeof ALL)[number]) =>
  (g & (1 << (ALL.length - 1 - ALL.indexOf(column)))) === 0;

/** Most frequent first, ties by name, so that equal data gives equal responses. */
const byCount = (one: Count, other: Count) =>
  other.count - one.count || (one.value < other.value ? -1 : one.value > other.value ? 1 : 0);

function sumBy(groups: readonly Group[], column: (typeof ALL)[number]): Count[] {
  const sums = new Map<string, number>();
  for (const group of groups) {
    const value = group[column];
    if (value != null) {
      sums.set(value, (sums.get(value) ?? 0) + group.n);
    }
  }
  return [...sums].map(([value, count]) => ({ value, count })).sort(byCount);
}

/** Counts every value in use among listed listings. Costs one scan of a covering index. */
export async function readFacets(database: Queryable): Promise<Facets> {
  const { rows } = await database.query<{ facets: string }>(FACETS);
  const { groups, ranges } = JSON.parse(rows[0]?.facets ?? '{"groups":[],"ranges":{}}') as {
    groups: Group[];
    ranges: Record<string, number | null>;
  };
  const models = groups.filter((group) => isIn(group, "mark"));
  const cities = groups.filter((group) => isIn(group, "city"));
  const modelsOf = Map.groupBy(models, ({ mark }) => mark);
  return {
    total: models.reduce((sum, { n }) => sum + n, 0),
    marks: sumBy(models, "mark").map((mark) => ({
      ...mark,
      models: sumBy(modelsOf.get(mark.value) ?? [], "model"),
    })),
    provinces: sumBy(cities, "province"),
    cities: cities
      .flatMap(({ city, province, n }) =>
        city == null ? [] : [{ value: city, count: n, province: province ?? null }],
      )
      .sort(byCount),
    counts: Object.fromEntries(
      COUNTED.map((column) => [
        column,
        sumBy(
          groups.filter((group) => isIn(group, column)),
          column,
        ),
      ]),
    ) as Record<Counted, Count[]>,
    ranges: Object.fromEntries(
      RANGED.map((column) => [
        column,
        { min: ranges[`${column}_min`] ?? null, max: ranges[`${column}_max`] ?? null },
      ]),
    ) as Facets["ranges"],
  };
}
