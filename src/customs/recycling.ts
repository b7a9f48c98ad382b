import { within } from "./duty.ts";
import { type Fraction, fraction, fractionText, hundredths, ofHundredths, plus, times } from "./fraction.ts";
import type { Input } from "./input.ts";
import { copyOf, lacks, type Sheet } from "./sheet.ts";
import { type PowerRow, rowFor, type TableOf } from "./tables.ts";

type Fee = TableOf<"recycling_fee">;
/** Column of the fee: up to three years, or older. */
export type FeeColumn = "new" | "old";

/** A row of the fee. */
interface Choice {
  /** Equal for equal rows. */
  readonly row: string;
  readonly coefficient: string;
  readonly fee: bigint;
  /** No higher power leads to another row. */
  readonly isLast: boolean;
  readonly isDisputed: boolean;
  readonly powerKw: Fraction;
}

/** The row for a power; `volumes` is undefined on the electric grid. */
type Choose = (powerKw: Fraction) => Choice | null;

/**
 * The recycling fee of Russia. A listing states whole kW, the borders are whole hp: a power that is on both sides of a border
 * gives both results.
 *
 * @param sheet the other items; collects missing facts
 * @returns one sheet per possible fee
 */
export function withRecyclingFee(input: Input, column: FeeColumn, sheet: Sheet): Sheet[] {
  const table = input.table("recycling_fee", sheet);
  if (table === undefined) {
    return [sheet];
  }
  const found =
    input.track === "series" || input.track === "electric"
      ? byHalfHourPower(input, table, column, sheet)
      : byEnginePower(input, table, column, sheet);
  const rows = found.filter(({ row }, index) => found.findIndex((other) => other.row === row) === index);
  if (rows.length === 0) {
    return [sheet];
  }
  if (rows.length > 1) {
    sheet.warnings.add("power_at_border");
  }
  return rows.map((choice) => withFee(sheet, choice));
}

function withFee(sheet: Sheet, { row, coefficient, fee, isDisputed, powerKw }: Choice): Sheet {
  const filled = copyOf(sheet);
  filled.items.recycling_fee = fee;
  filled.steps.recycling = { power_kw: fractionText(powerKw), row, coefficient };
  if (isDisputed) {
    filled.warnings.add("disputed:recycling_fee");
  }
  return filled;
}

/** Cars with an engine: its power, of hybrids with the 30-minute power of the motors. */
function byEnginePower(input: Input, table: Fee, column: FeeColumn, sheet: Sheet): Choice[] {
  if (input.engineKw.length === 0) {
    lacks(sheet, "power");
  }
  if (input.volumes.length === 0) {
    lacks(sheet, "displacement_cc");
  }
  if (input.engineKw.length === 0 || input.volumes.length === 0) {
    return [];
  }
  const choose: Choose = (powerKw) => engineRow(table, input, column, powerKw);
  const choices = input.engineKw.map((engine) =>
    input.track === "parallel" ? hybridRow(input, engine, choose, sheet) : choose(engine),
  );
  const known = choices.filter((choice) => choice !== null);
  if (known.length === choices.length) {
    return known;
  }
  if (sheet.bounds === undefined) {
    lacks(sheet, "displacement_cc");
  }
  return [];
}

/** The row of a parallel hybrid; null with the fee's bounds when the unknown 30-minute power decides. */
function hybridRow(input: Input, engine: Fraction, choose: Choose, sheet: Sheet): Choice | null {
  if (input.halfHourKw !== null) {
    return choose(plus(engine, input.halfHourKw));
  }
  const lowest = choose(engine);
  if (lowest === null) {
    return null;
  }
  const highest = input.motorsKw === null ? null : choose(plus(engine, input.motorsKw));
  if (lowest.isLast || highest?.row === lowest.row) {
    sheet.warnings.add("power_30min_not_needed");
    return lowest;
  }
  const estimated = estimatedHalfHour(input, sheet);
  if (estimated !== null) {
    return choose(plus(engine, estimated));
  }
  lacks(sheet, "power_30min_kw");
  sheet.bounds ??= { min: lowest.fee, max: highest?.fee ?? null };
  return null;
}

/** Cars that are taxed like electric ones: the 30-minute power, which the peak power limits. */
function byHalfHourPower(input: Input, table: Fee, column: FeeColumn, sheet: Sheet): Choice[] {
  const limit = table.preferential?.electric_30min_up_to_kw;
  const peak = input.motorsKw;
  const isBelow = peak !== null && limit !== undefined && within(peak, limit);
  if (input.halfHourKw === null && isBelow) {
    sheet.warnings.add("peak_power_below_preferential_limit");
  }
  const power = input.halfHourKw ?? (isBelow ? peak : null) ?? estimatedHalfHour(input, sheet);
  if (power === null) {
    lacks(sheet, "power_30min_kw");
    return [];
  }
  const choice = electricRow(table, input, column, power);
  return choice === null ? [] : [choice];
}

/** A share of the peak power: what customs offices apply to models without a certified value; null unless allowed. */
export function estimatedHalfHour(input: Input, sheet: Sheet): Fraction | null {
  if (!input.mayEstimateHalfHour || input.motorsKw === null) {
    return null;
  }
  const table = input.table("estimate_30min_power", sheet);
  if (table === undefined) {
    return null;
  }
  sheet.isEstimate = true;
  sheet.warnings.add("estimate:power_30min_kw");
  return ofHundredths(hundredths(times(fraction(table.factor_of_peak), input.motorsKw)));
}

/** The row for an engine; null when rounded litres leave it open. */
function engineRow(table: Fee, input: Input, column: FeeColumn, powerKw: Fraction): Choice | null {
  const { grid, preferential } = table;
  const choices = input.volumes.map((cc): Choice => {
    const isPreferential =
      input.isEligible &&
      preferential !== undefined &&
      within(powerKw, preferential.engine_up_to_kw) &&
      cc <= preferential.engine_up_to_cc;
    if (isPreferential) {
      return preferentialRow(table, column, powerKw);
    }
    const { up_to_cc, rows } = rowFor(
      grid?.engine ?? [],
      (one) => one.up_to_cc === null || cc <= one.up_to_cc,
    );
    const volume = up_to_cc === null ? "over 3500 cc" : `up to ${up_to_cc} cc`;
    return gridRow(table, rows, column, powerKw, `${volume}, `);
  });
  const [first] = choices;
  return first !== undefined && choices.every(({ row }) => row === first.row) ? first : null;
}

function electricRow(table: Fee, input: Input, column: FeeColumn, powerKw: Fraction): Choice | null {
  const limit = table.preferential?.electric_30min_up_to_kw;
  if (input.isEligible && limit !== undefined && within(powerKw, limit)) {
    return preferentialRow(table, column, powerKw);
  }
  return gridRow(table, table.grid?.electric_30min ?? [], column, powerKw, "electric, ");
}

function preferentialRow(table: Fee, column: FeeColumn, powerKw: Fraction): Choice {
  const coefficient = table.preferential?.[column] ?? 0;
  return { ...priced(table, coefficient), row: "preferential", isLast: false, isDisputed: false, powerKw };
}

function gridRow(
  table: Fee,
  rows: readonly PowerRow[],
  column: FeeColumn,
  powerKw: Fraction,
  prefix: string,
): Choice {
  const row = rowFor(rows, ({ up_to_kw }) => within(powerKw, up_to_kw));
  const power = row.up_to_kw === null ? "highest power" : `up to ${row.up_to_kw} kW`;
  return {
    ...priced(table, row[column]),
    row: prefix + power,
    isLast: row.up_to_kw === null,
    isDisputed: row.disputed?.includes(column) ?? false,
    powerKw,
  };
}

const priced = (table: Fee, coefficient: string | number): Pick<Choice, "coefficient" | "fee"> => ({
  coefficient: String(coefficient),
  fee: hundredths(times(fraction(table.base_rub ?? 0), fraction(coefficient))),
});
