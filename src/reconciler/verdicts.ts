import { isSameJson } from "./same-meaning.ts";

/** A record that only differs from its row in texts of JSON, and the keys that hold JSON of both. */
export interface Undecided {
  readonly inner_id: string;
  readonly received: Readonly<Record<string, unknown>> | null;
  readonly stored: Readonly<Record<string, unknown>> | null;
}

/** Of the caller, by `inner_id`. */
export type Verdicts = ReadonlyMap<string, "equal" | "differs">;

/** Judges the rows that PostgreSQL could not. */
const judge = (undecided: readonly Undecided[]): Verdicts =>
  new Map(
    undecided.map(({ inner_id, received, stored }) => [
      inner_id,
      Object.entries(received ?? {}).every(([key, value]) => isSameJson(stored?.[key], value))
        ? "equal"
        : "differs",
    ]),
  );

/** Runs `attempt`, again with verdicts when PostgreSQL could not judge every record. */
export async function decided<Row extends { readonly undecided: readonly Undecided[] | null }>(
  attempt: (verdicts: Verdicts) => Promise<Row>,
): Promise<Row> {
  const row = await attempt(new Map());
  return row.undecided === null ? row : attempt(judge(row.undecided));
}
