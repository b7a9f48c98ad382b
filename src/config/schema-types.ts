import { type } from "arktype";

/** A whole number within bounds; the unit appears in messages. */
export const wholeBetween = (min: number, max: number, unit = "") =>
  type("number.integer")
    .atLeast(min)
    .atMost(max)
    .describe(`a whole number from ${min} to ${max}${unit === "" ? "" : ` (${unit})`}`);

/** A string that passes `test`; `expected` completes "must be …". A space at either end is an invisible mistake. */
export const text = (expected: string, test: (value: string) => boolean) =>
  type("string")
    .narrow(
      (value, context) =>
        (value === value.trim() ||
          context.reject({ expected: `${expected}, without a space at either end` })) &&
        (test(value) || context.reject({ expected })),
    )
    .describe(expected);
