import { normalizeListing } from "../../../src/listing/index.ts";

/** The time at which the tests normalise. */
export const now = new Date("2026-11-24T00:00:00Z");

export const normalize = (data: unknown) => normalizeListing(data, { now });
export const listing = (data: unknown) => normalize(data).listing;
/** The issues of a listing as `field: code`. */
export const issues = (data: unknown) => normalize(data).issues.map(({ field, code }) => `${field}: ${code}`);

/** A listing with the Chinese tables; each group is an object of names and values. */
export const withTables = (
  groups: readonly Record<string, unknown>[],
  data: object = {},
  specid: unknown = 5,
) => ({
  specid: "5",
  ...data,
  extra: {
    configuration: {
      specid,
      paramtypeitems: groups.map((group) => ({
        paramitems: Object.entries(group).map(([name, value]) => ({ name, value })),
      })),
    },
  },
});
