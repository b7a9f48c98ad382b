import { expect, test } from "vitest";
import { parseQueryString } from "../../../src/api/http/query-string.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { offersParameters, readParameters } from "../../../src/api/query/parameters.ts";

const PARAMETERS = offersParameters(100);
const read = (search: string, maxOffset?: number) =>
  toOffersQuery(readParameters(PARAMETERS, parseQueryString(search)), {
    pageSize: 20,
    ...(maxOffset === undefined ? {} : { maxOffset }),
  });

test.each(["?page=500", "?page=100&limit=100", "?page=1&limit=100", ""])(
  "a numbered page within the first 10,000 listings is read: %j",
  (search) => {
    expect(read(search, 10_000)).toMatchObject({ cursor: null });
  },
);

test.each(["?page=501", "?page=101&limit=100", "?page=1000000&limit=1"])(
  "a deeper one is refused with the way that has no limit: %j",
  (search) => {
    expect(() => read(search, 10_000)).toThrow(
      /^page reaches beyond the first 10000 listings .*; send the next_cursor .* as cursor/,
    );
  },
);

test("the first page is read whatever the limit is", () => {
  expect(read("?limit=100", 50)).toMatchObject({ page: 1, limit: 100 });
  expect(() => read("?limit=100&page=2", 50)).toThrow("cursor");
});
