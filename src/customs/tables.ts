/** Countries with tables. */
export type Country = "ru" | "by" | "kz";
/** A decimal as text, or a whole number. */
export type Amount = string | number;

/** Properties of every table. */
export interface TableFacts {
  readonly country: Country;
  /** First and last day on which the table applies, `YYYY-MM-DD`; null: no end is known. */
  readonly valid_from: string;
  readonly valid_to: string | null;
  /** Day on which the table was last compared with its sources. */
  readonly checked_on: string;
  readonly source: readonly string[];
  /** `confirmed` by independent sources, from a `single` one, or `disputed` between them. */
  readonly confidence: "confirmed" | "single" | "disputed";
  /** `provisional`: the text in force was not read. Others are notes. */
  readonly status?: string;
}

/** A row applies up to its bound, included; null: without bound. */
export interface ByVolume {
  readonly up_to_cc: number | null;
}
/** The same by power. */
export interface ByPower {
  readonly up_to_kw: Amount | null;
}
/** Coefficients up to three years, and over. */
export interface Coefficients {
  readonly new: Amount;
  readonly old: Amount;
  /** Columns on which the sources differ. */
  readonly disputed?: readonly ("new" | "old")[];
}
/** A row of a recycling fee by power. */
export type PowerRow = ByPower & Coefficients;

/** By age, as the difference of calendar years. */
export interface RegistrationRow {
  readonly up_to_years: number | null;
  readonly mci: Amount;
  /** @default that of the table */
  readonly confidence?: TableFacts["confidence"];
}

/** Tables of a country, by kind; the numbers of each kind. */
export interface TablesByKind {
  readonly unified_duty_up_to_3_years: {
    readonly rows: readonly {
      readonly up_to_eur: Amount | null;
      readonly percent: Amount;
      readonly min_eur_per_cc: Amount;
    }[];
  };
  readonly unified_duty_3_to_5_years: {
    readonly rows: readonly (ByVolume & { readonly eur_per_cc: Amount })[];
  };
  readonly unified_duty_over_5_years: {
    readonly rows: readonly (ByVolume & { readonly eur_per_cc: Amount })[];
  };
  /** Russia: by value. Belarus: one amount. Kazakhstan: a multiple of the monthly calculation index. */
  readonly customs_fee: {
    readonly rows?: readonly { readonly up_to_rub: Amount | null; readonly rub: Amount }[];
    readonly byn?: Amount;
    readonly mci?: Amount;
    readonly disputed?: string;
  };
  /** Russia: preference and grid. Belarus: two amounts. Kazakhstan: coefficients by displacement. */
  readonly recycling_fee: {
    readonly base_rub?: Amount;
    readonly preferential?: {
      readonly new: Amount;
      readonly old: Amount;
      readonly engine_up_to_kw: Amount;
      readonly engine_up_to_cc: number;
      readonly electric_30min_up_to_kw: Amount;
    };
    readonly grid?: {
      readonly electric_30min: readonly PowerRow[];
      readonly engine: readonly (ByVolume & { readonly rows: readonly PowerRow[] })[];
    };
    readonly new?: Amount;
    readonly old?: Amount;
    readonly base_mci?: Amount;
    readonly rows?: readonly (ByVolume & { readonly coefficient: Amount })[];
    readonly electric_kzt?: Amount;
  };
  readonly ev_duty: { readonly percent: Amount; readonly percent_in_quota?: Amount };
  /** Rates of electric cars, per `hp_kw`. */
  readonly excise: {
    readonly rows?: readonly (ByPower & { readonly rub: Amount })[];
    readonly hp_kw?: Amount;
    readonly disputed?: string;
    readonly over_cc?: number;
    readonly kzt_per_cc?: Amount;
  };
  readonly vat: {
    readonly percent: Amount;
    /** What the percentage applies to; missing when the sources do not agree on it. */
    readonly base?: string;
  };
  readonly ev_vat: {
    readonly percent_up_to_5_years: Amount;
    readonly percent_over_5_years: Amount;
    readonly disputed?: string;
  };
  readonly series_hybrid: { readonly duty_percent: Amount; readonly vat_percent: Amount };
  readonly benefit_50: { readonly percent: Amount };
  readonly estimate_30min_power: { readonly factor_of_peak: Amount };
  readonly mci: { readonly value: Amount };
  readonly customs_duty: { readonly percent: Amount };
  readonly customs_duty_over_7_years: {
    readonly percent: Amount;
    readonly rows: readonly (ByVolume & { readonly min_eur_per_cc: Amount })[];
  };
  readonly excise_luxury: { readonly percent: Amount; readonly over_mci: Amount };
  readonly registration_fee: {
    readonly rows: readonly RegistrationRow[];
    readonly electric_rows: readonly RegistrationRow[];
  };
  /** Definitions, for readers of the file. */
  readonly constants: object;
}

/** What a table is about: `customs_fee`. */
export type TableKind = keyof TablesByKind;
/** A table of one kind. */
export type TableOf<K extends TableKind> = TableFacts & TablesByKind[K] & { readonly kind: K };
/** Any table. */
export type Tariff = { readonly [K in TableKind]: TableOf<K> }[TableKind];

/** A file of tables. */
export interface TariffFile {
  readonly country: Country;
  readonly year: number;
  readonly tables: readonly Tariff[];
}

/** Kinds of tables that are allowed besides confirmed ones in force. */
export interface AllowedTables {
  readonly provisional: boolean;
  readonly single: boolean;
}

const isAllowed = (table: TableFacts, allowed: AllowedTables): boolean =>
  table.confidence !== "disputed" &&
  (table.confidence === "confirmed" || allowed.single) &&
  (table.status !== "provisional" || allowed.provisional);

/** The table that applies on a day; of several, the last of the list. */
export function tableOn<K extends TableKind>(
  tables: readonly Tariff[],
  kind: K,
  { country, date, allowed }: { country: Country; date: string; allowed: AllowedTables },
): TableOf<K> | undefined {
  return tables.findLast(
    (table) =>
      table.kind === kind &&
      table.country === country &&
      table.valid_from <= date &&
      (table.valid_to === null || date <= table.valid_to) &&
      isAllowed(table, allowed),
  ) as TableOf<K> | undefined;
}

/** The first row whose upper bound includes the value; a bound of null includes everything. */
export const rowFor = <R>(rows: readonly R[], includes: (row: R) => boolean): R => {
  const row = rows.find(includes);
  if (row === undefined) {
    throw new RangeError("The last row of a table must have no upper bound");
  }
  return row;
};
