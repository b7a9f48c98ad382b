import { memoLong, oncePer } from "./memo.ts";
import { decoded, idText, isJsonText } from "./parse/raw-values.ts";
import { isBlank } from "./parse/text.ts";
import {
  type Measure,
  type MeasuredValue,
  type ReadSpecification,
  readTable,
  type Table,
} from "./specification-table.ts";
import type { ReportIssue } from "./types.ts";
import type { Vocabulary } from "./vocabulary/index.ts";

type Json = Readonly<Record<string, unknown>>;

/** The specification tables of a listing in any shape, by code. */
export interface Specifications {
  /** Value in the car's own tables, by name, otherwise by id; undefined when missing. */
  own(code: ReadSpecification): unknown;
  /** Value in a table of another car (its `specid` differs): unfit for fields that determine a price or a duty. */
  foreign(code: ReadSpecification): unknown;
  /** Values of every {@link Measure} in the car's own tables, with the machine that each describes. */
  readonly measures: readonly MeasuredValue[];
  /** Plain text in place of the tables: the trim. */
  readonly trim: string | null;
  /** The `specid` of the tables. */
  readonly specid: unknown;
  /** Identifies the tables, when they are one that is kept by its text: equal tables have the same object. */
  readonly kept: object | null;
}

/**
 * Reads the tables of a listing: `extra.configuration` and `configuration`, each as groups
 * (`paramtypeitems[].paramitems[]{id,name,value}`), as a flat object of names and values, as JSON text of either, or as
 * plain text, which is the trim. A table whose `specid` differs from the listing's belongs to another car and leaves an
 * issue.
 */
export function readSpecifications(
  data: Json,
  extra: Json | null,
  vocabulary: Vocabulary,
  report: ReportIssue,
): Specifications {
  const own: Table[] = [];
  const foreign: Table[] = [];
  let trim: string | null = null;
  let isKept = true;
  const listingSpecid = idText(data.specid);
  for (const raw of [extra?.configuration, data.configuration]) {
    const configuration = readConfiguration(raw, vocabulary);
    if (typeof configuration === "string") {
      trim ??= isBlank(configuration) ? null : configuration;
      continue;
    }
    if (configuration === null) {
      continue;
    }
    const itsSpecid = idText(configuration.specid);
    const isForeign = listingSpecid !== null && itsSpecid !== null && itsSpecid !== listingSpecid;
    if (isForeign) {
      report("specid", "foreign_spec", configuration.specid);
    }
    (isForeign ? foreign : own).push(configuration);
    isKept &&= typeof raw === "string";
  }
  const [table = null, ...others] = own;
  return {
    trim,
    kept: isKept && others.length + foreign.length === 0 ? table : null,
    specid: own.find(({ specid }) => specid !== undefined && specid !== null)?.specid,
    own: (code) => valueIn(own, code),
    foreign: (code) => valueIn(foreign, code),
    measures: own.flatMap(({ measured }) => measured),
  };
}

/** A table, plain text, or null for anything else. */
function readConfiguration(raw: unknown, vocabulary: Vocabulary): Table | string | null {
  if (typeof raw === "string") {
    return isJsonText(raw) ? tablesOf(vocabulary)(raw) : raw;
  }
  return typeof raw === "object" && raw !== null ? readTable(raw, vocabulary) : null;
}

/** Some 1,300 tables of 15 KB with their values. */
const MAX_KEPT_CHARACTERS = 12_000_000;
/** Tables by their text: many listings of a model year carry the same one, and reading it costs more than all other fields. */
const tablesOf = oncePer((vocabulary: Vocabulary) =>
  memoLong((text) => {
    const configuration = decoded(text);
    return typeof configuration === "object" && configuration !== null
      ? readTable(configuration, vocabulary)
      : null;
  }, MAX_KEPT_CHARACTERS),
);

function valueIn(tables: readonly Table[], code: string): unknown {
  for (const { named } of tables) {
    const value = named.get(code);
    if (value !== undefined) {
      return value;
    }
  }
  return tables.find(({ identified }) => identified.has(code))?.identified.get(code);
}
