import type { ArkError } from "arktype";

const alternatives = new Intl.ListFormat("en-GB", { type: "disjunction" });

/**
 * What a schema expected, to complete "must be …". The text of arktype for a union also has the path and the received
 * value, which messages give in their own form or leave out.
 */
export function expectedOf(error: ArkError): string {
  return error.hasCode("union")
    ? alternatives.format([...new Set(error.errors.map(expectedOf))].sort())
    : error.expected;
}
