/** An exact number. Rates, percentages and kilowatts are decimals and kW / 0.75 is not, so amounts are rounded only where the law says so. */
export interface Fraction {
  readonly n: bigint;
  /** Positive. */
  readonly d: bigint;
}

const DECIMAL = /^(\d{1,30})(?:\.(\d{1,30}))?$/;

/**
 * The exact value of a decimal: `"12.8849"`, `100.5`, `8500`.
 *
 * @throws RangeError for anything but a non-negative decimal without exponent
 */
export function fraction(value: string | number | bigint): Fraction {
  const [, whole, decimals = ""] = DECIMAL.exec(String(value)) ?? [];
  if (whole === undefined) {
    throw new RangeError(
      `A decimal number such as 12.8849 is expected, not ${JSON.stringify(String(value))}`,
    );
  }
  return { n: BigInt(whole + decimals), d: 10n ** BigInt(decimals.length) };
}

export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
/** @throws RangeError when `b` is zero */
export const over = (a: Fraction, b: Fraction): Fraction => {
  if (b.n === 0n) {
    throw new RangeError("Division by zero");
  }
  return { n: a.n * b.d, d: a.d * b.n };
};
export const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const isAtMost = (a: Fraction, b: Fraction): boolean => a.n * b.d <= b.n * a.d;
export const larger = (a: Fraction, b: Fraction): Fraction => (isAtMost(a, b) ? b : a);

/** Hundredths, rounded half up: kopecks of an amount. */
export const hundredths = ({ n, d }: Fraction): bigint => (200n * n + d) / (2n * d);
/** The value of hundredths. */
export const ofHundredths = (value: bigint | number): Fraction => ({ n: BigInt(value), d: 100n });

/** `"1288490.00"` for 128,849,000 kopecks. */
export function moneyText(minor: bigint): string {
  const digits = minor.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** A decimal of at most two digits, without trailing zeros: `"117.68"`, `"110"`. */
export const fractionText = (value: Fraction): string =>
  moneyText(hundredths(value)).replace(/\.?0+$/, (zeros) =>
    zeros.startsWith(".") ? "" : zeros.replace(/0+$/, ""),
  );
