import { describe, expect, test } from "vitest";
import { isChe168Error } from "../../../src/errors.ts";
import {
  parseChangeId,
  parseChangesPage,
  parseFilters,
  parseOffersPage,
  responseContext,
} from "../../../src/upstream/responses.ts";

const request = { what: "page 1 of the catalogue", method: "GET", path: "/offers" } as const;
const MIB = 1024 * 1024;

function errorOf(body: Buffer, read: (context: ReturnType<typeof responseContext>) => unknown): unknown {
  try {
    return read(responseContext(body, request, (text) => text));
  } catch (error) {
    return isChe168Error(error) ? error.message : error;
  }
}

/** Makes `start`, then `piece` repeated to 64 MiB, then `end`: only when asked, because all of them fill the memory. */
const filled =
  (start: string, piece: string, end = "") =>
  () =>
    Buffer.concat([
      Buffer.from(start),
      Buffer.alloc(64 * MIB - ((64 * MIB) % piece.length), piece),
      Buffer.from(end),
    ]);

const readers = {
  "/offers": (context) => parseOffersPage(1, context),
  "/changes": (context) => parseChangesPage(1, context),
  "/change_id": parseChangeId,
  "/filters": parseFilters,
} satisfies Record<string, (context: ReturnType<typeof responseContext>) => unknown>;

describe.each(Object.entries(readers))("a response of %s", (_path, read) => {
  test.each([
    ["64 million brackets", filled('{"result":', "["), "a nesting depth above 1000000"],
    ["64 million braces", filled("", '{"a":'), "a nesting depth above 1000000"],
    [
      "22 million small values in a record",
      filled('{"result":[{"data":{"a":[', "[],", "0]}}]}"),
      "more than 2000000 values",
    ],
  ])("with %s is rejected before it is parsed", (_name, body, reason) => {
    expect(errorOf(body(), read)).toContain(`the service returned JSON with ${reason}`);
  });
});

describe("a page", () => {
  test.each([
    ["22 million records", filled('{"result":[', "{},", "{}]}")],
    ["64 MiB of scalars beside the data", filled('{"result":[{"a":"', "a", '"}]}')],
    ["64 MiB of scalars in meta", filled('{"meta":{"a":"', "a", '"}}')],
  ])("with %s is rejected before it is parsed", (_name, body) => {
    const reason = "the service returned JSON with more than 4194304 bytes outside of the records' data";
    expect(errorOf(body(), readers["/offers"])).toContain(reason);
  });

  test("with 64 MiB of text in one record's data is read", () => {
    const body = filled('{"result":[{"data":{"a":"', "a", '"}}],"meta":{"next_page":null}}')();
    expect(
      parseOffersPage(
        1,
        responseContext(body, request, (text) => text),
      ),
    ).toMatchObject({
      nextPage: null,
      parts: [{ depth: 2, outline: { data: {} } }],
    });
  });
});
