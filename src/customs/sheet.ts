/** Amounts of one legal class in hundredths, with everything that is unknown about them. */
export interface Sheet {
  /** Null: unknown. */
  readonly items: Record<string, bigint | null>;
  readonly missing: Set<string>;
  readonly warnings: Set<string>;
  readonly steps: Record<string, string | Readonly<Record<string, string>>>;
  /** Smallest and largest recycling fee. */
  bounds: { readonly min: bigint; readonly max: bigint | null } | undefined;
  /** The 30-minute power was estimated. */
  isEstimate: boolean;
}

/** A sheet with these items, all unknown. */
export const newSheet = (items: readonly string[]): Sheet => ({
  items: Object.fromEntries(items.map((name) => [name, null])),
  missing: new Set(),
  warnings: new Set(),
  steps: {},
  bounds: undefined,
  isEstimate: false,
});

/** An independent copy. */
export const copyOf = (sheet: Sheet): Sheet => ({
  ...sheet,
  items: { ...sheet.items },
  missing: new Set(sheet.missing),
  warnings: new Set(sheet.warnings),
  steps: { ...sheet.steps },
});

/** Notes missing facts, and returns null for the item that needs them. */
export function lacks(sheet: Sheet, ...codes: readonly string[]): null {
  for (const code of codes) {
    sheet.missing.add(code);
  }
  return null;
}
