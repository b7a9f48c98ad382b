// Statements that read unprocessed rows, with their documents in pieces of JSON text; see `document.ts`.
import { SHARED_PART_NAMES, type SharedPart } from "../upstream/json/document-parts.ts";

/**
 * Whether an inspection has the card from which `normalizeListing` reads the number of ownership changes. It is found before
 * anything in `groups`, the photos and findings, which are then left out.
 */
const HAS_CARD = `
     jsonb_typeof(i -> 'groups') = 'array'
     and jsonb_path_exists(i, '$.cards[*] ? (@.title == "过户次数" && @.value like_regex "^[0-9]")')`;
/** Other values stay where they are. */
const isNested = (value: string) => `jsonb_typeof(${value}) in ('object', 'array')`;
/** The shared parts as expressions: `d` is the document, `e` its `extra`, and `o` the `option` of that. */
const EXPRESSIONS: Readonly<Record<SharedPart, string>> = {
  configuration: "d -> 'configuration'",
  extra_configuration: "e -> 'configuration'",
  displayopts: "o -> 'displayopts'",
  moreoptions: "o -> 'moreoptions'",
};
/**
 * Common table expressions that take the rows of `page` apart, ending with `parts`. What is mentioned twice would be computed
 * twice, decompression included, so that each step has a name; `offset 0` prevents inlining. The steps are not joins, because
 * PostgreSQL would memoize those by the hash of the whole document.
 */
const TAKE_APART = `
  document as (select *, data #> '{}' as d from page offset 0),
  extra as (select *, d -> 'extra' as e from document offset 0),
  option as (select *, e -> 'option' as o, e -> 'inspection' as i from extra offset 0),
  card as (select *, ${HAS_CARD} as has_card from option offset 0),
  parts as (select *, ${SHARED_PART_NAMES.map((name) => `${EXPRESSIONS[name]} as ${name}`).join(", ")} from card offset 0)`;

/**
 * The key of a shared part: the one that the row keeps since it was loaded or last normalised, because computing it takes longer
 * than reading everything else.
 */
const keyOf = (part: string, position: string) => `
  case when part_keys is not null then replace(part_keys[${position}]::text, '-', '')
       when ${isNested(part)} then md5(${part}::text) end`;

/** A shared part as it is sent: its key if $5 is true, otherwise its text. */
const sent = (part: SharedPart, index: number) => `
         case when $5::boolean then ${keyOf(part, String(index + 1))}
              when ${isNested(part)} then ${part}::text end as ${part}`;

/** @param condition which rows are unprocessed: those that are marked, or all of them */
const takeStatement = (condition: string) => `
  with page as materialized (
    select r.id, r.inner_id, r.xmin::text as version, replace(p.content_hash::text, '-', '') as content_hash,
           r.is_processed, r.rules_version, r.part_keys,
           case when r.active_status = 1 and r.change_type = 'removed' and p.id is not null
                 and coalesce(r.rules_version, p.rules_version) = $4::int
                then null else r.data end as data
      from raw_data r
      left join processed_data p on p.inner_id = r.inner_id
     where ${condition} and r.id > $1::int and r.id <= $2::int
     order by r.id
     limit $3::int),
  ${TAKE_APART}
  select id, inner_id, version, content_hash,
         is_processed and (data is null or rules_version = $4::int and part_keys is not null) as is_current,
         (case when jsonb_typeof(d) = 'object'
               then d - array[case when jsonb_typeof(e) = 'object' then 'extra' end,
                              case when ${isNested("configuration")} then 'configuration' end]
               else d end)::text as data,
         (case when jsonb_typeof(e) = 'object'
               then e - array[case when ${isNested("extra_configuration")} then 'configuration' end,
                              case when jsonb_typeof(o) = 'object' then 'option' end,
                              case when has_card then 'inspection' end] end)::text as extra,
         (case when jsonb_typeof(o) = 'object'
               then o - array[case when ${isNested("displayopts")} then 'displayopts' end,
                              case when ${isNested("moreoptions")} then 'moreoptions' end] end)::text as option,
         (case when has_card then i - 'groups' end)::text as inspection,
         ${SHARED_PART_NAMES.map(sent).join(",")},
         case when not $5::boolean then replace(array_to_string(part_keys, ',', ''), '-', '') end as keys
    from parts
   order by id`;

/**
 * The next rows that are marked as unprocessed. $1 id after which to read, $2 last id to read, $3 number of rows, $4 version of the
 * rules, $5 whether to send the keys of shared parts instead of their texts; with texts, `keys` has the keys that are known. A
 * removed listing with a canonical row has no document.
 */
export const TAKE_MARKED = takeStatement("not r.is_processed");
/** As {@link TAKE_MARKED}, but every row. */
export const TAKE_EVERY = takeStatement("true");

/** Shared parts by their keys. $1 ids of rows that have them, $2 the keys. */
export const READ_SHARED = `
  with page as materialized (select data, part_keys from raw_data where id = any($1::int[])),
  ${TAKE_APART},
  each_part as (
    select part_keys, unnest(array[${SHARED_PART_NAMES.join(", ")}]) as part,
           generate_series(1, ${SHARED_PART_NAMES.length}) as position
      from parts offset 0),
  keyed as (select ${keyOf("part", "position")} as key, part from each_part offset 0)
  select key, part::text as text from keyed where key = any($2::text[])`;
