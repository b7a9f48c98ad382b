import type { RawFields } from "../listings/make-listing.ts";

/** A change by the data rules. */
export interface ReplayedChange {
  readonly innerId: string;
  readonly kind: "added" | "changed" | "removed";
  /** Of `changed`: without the prefix `new_`. */
  readonly fields: RawFields;
}

/** A listing in a copy of the service. */
export interface Copy {
  readonly data: RawFields;
  readonly active: boolean;
}

export function isObject(value: unknown): value is RawFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `new_price` → `price`. Works on entries, so that a key `__proto__` stays a key. */
function withoutPrefix(data: RawFields): RawFields {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key.replace(/^new_/, ""), value]));
}

/** Merges fields into a new object; keys such as `__proto__` are safe. */
export function merge(data: RawFields, fields: RawFields): RawFields {
  return Object.fromEntries([...Object.entries(data), ...Object.entries(fields)]);
}

/** An inner_id as text; undefined when it is neither text nor a number. */
export function innerIdOfRecord(record: unknown): string | undefined {
  const id = isObject(record) ? record.inner_id : undefined;
  if (typeof id !== "string" && typeof id !== "number") {
    return undefined;
  }
  return String(id).trim() || undefined;
}

/** Reads a record of the feed; undefined when it cannot be applied. */
export function readChange(record: unknown): ReplayedChange | undefined {
  const innerId = innerIdOfRecord(record);
  if (!isObject(record) || innerId === undefined) {
    return undefined;
  }
  const { change_type: kind, data } = record;
  if (kind === "removed") {
    return { innerId, kind, fields: {} };
  }
  if (!isObject(data)) {
    return undefined;
  }
  if (kind === "added") {
    return { innerId, kind, fields: data };
  }
  return kind === "changed" ? { innerId, kind, fields: withoutPrefix(data) } : undefined;
}

/**
 * Applies one change to a copy by the data rules: `added` replaces and activates, `changed` merges and keeps the status,
 * `removed` keeps the data. An unknown listing is inserted; `full` returns its data when it is only `changed`.
 */
export function applyChange(
  copy: Map<string, Copy>,
  { innerId, kind, fields }: ReplayedChange,
  full: (innerId: string) => unknown = () => undefined,
): void {
  const known = copy.get(innerId);
  if (kind === "added") {
    copy.set(innerId, { data: fields, active: true });
  } else if (kind === "removed") {
    copy.set(innerId, { data: known?.data ?? {}, active: false });
  } else {
    const found = known ? undefined : full(innerId);
    const data = known?.data ?? (isObject(found) ? found : {});
    copy.set(innerId, { data: merge(data, fields), active: known?.active ?? true });
  }
}
