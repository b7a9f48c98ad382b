import { type } from "arktype";
import { isHttpBase } from "./formats.ts";

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

/** What {@link httpBase} accepts, to complete "must be …". */
export const HTTP_BASE_FORM = "an http:// or https:// address without query, user and password";

/** An address to which paths are added. */
export const httpBase = text(HTTP_BASE_FORM, isHttpBase);
