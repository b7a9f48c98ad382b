import { isSameJson } from "./same-meaning.ts";

/** A record that differs from its row only in texts of JSON, and the JSON keys of both. */
export interface Undecided {
  readonly inner_id: string;
  readonly received: Readonly<Record<string, unknown>> | null;
  readonly stored: Readonly<Record<string, unknown>> | null;
}

/** Verdicts of the caller, by `inner_id`. */
export type Verdicts = ReadonlyMap<string, "equal" | "differs">;

/** Compares the rows that PostgreSQL could not compare. */
const verdictsOn = (undecided: readonly Undecided[]): Verdicts =>
  new Map(
    undecided.map(({ inner_id, received, stored }) => [
      inner_id,
      Object.entries(received ?? {}).every(([key, value]) => isSameJson(stored?.[key], value))
        ? "equal"
        : "differs",
    ]),
  );

/** Runs `attempt`, and once more with verdicts when PostgreSQL could not compare every record. */
export async function decided<Row extends { readonly undecided: readonly Undecided[] | null }>(
  attempt: (verdicts: Verdicts) => Promise<Row>,
): Promise<Row> {
  const row = await attempt(new Map());
  return row.undecided === null ? row : attempt(verdictsOn(row.undecided));
}
