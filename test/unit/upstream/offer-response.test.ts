import { describe, expect, test } from "vitest";
import { parseListing } from "../../../src/upstream/raw-listing.ts";

describe("the response of /offer", () => {
  const read = (text: string, innerId?: string) =>
    parseListing(
      {
        ...{ text, body: Buffer.from(text), redact: (same: string) => same },
        request: { what: "listing 7", method: "GET", path: "/offer" },
      },
      innerId,
    );
  const DATA = '{"inner_id": "7", "mark":"BMW", "price": 12345678901234567890, "km": 1.0, "x": 1e400}';

  test.each([
    ["bare", DATA],
    ["in result", `{"result": ${DATA}}`],
    ["in data", `{"inner_id": "7", "data": ${DATA}}`],
    ["in data with all of a record", `{"id":1,"inner_id":7,"change_type":"added","data":${DATA},"meta":{}}`],
    ["in data within result", `{"result":{"inner_id":"7","data":${DATA}}}`],
    ["in a result list of one", `{"result": [ ${DATA} ]}`],
    ["in a record within a result list of one", `{"result":[{"inner_id":"7","data": ${DATA} }]}`],
    ["in data within data", `{"data":{"data":${DATA}}}`],
  ])("is found %s, with its numbers unchanged", (_name, text) => {
    const answer = read(text, "7");
    expect(answer).toEqual({ listing: { text: DATA, data: JSON.parse(DATA) } });
  });

  test("may have fields named like the wrappers", () => {
    const text = '{"mark":"BMW","data":{"mark":"Audi"},"result":{"mark":"Kia"}}';
    expect(read(text)).toMatchObject({ listing: { text } });
  });

  test.each([['{"result":null}'], ['{"result":[]}'], ['{"result":{}}'], ['{"inner_id":"7","data":null}']])(
    "may report an unknown listing: %s",
    (text) => {
      expect(read(text, "7")).toEqual({ none: "unknown" });
    },
  );

  test("of another listing is not mistaken for the requested one", () => {
    expect(read('{"result":{"inner_id":"8","mark":"BMW"}}', "7")).toEqual({ none: "another" });
    expect(read('{"inner_id":8,"data":{"mark":"BMW"}}', "7")).toEqual({ none: "another" });
    expect(read('{"inner_id":" 7 ","mark":"BMW"}', "7")).toHaveProperty("listing");
  });

  test.each([
    ["{}"],
    ["[]"],
    ["null"],
    ['"text"'],
    ['{"error":"no such thing"}'],
    ['{"result":"none"}'],
    ['{"result":[{"mark":"a"},{"mark":"b"}]}'],
    ['{"result":{"price":5}}'],
  ])("is rejected without a listing: %s", (text) => {
    expect(() => read(text, "7")).toThrow(expect.objectContaining({ code: "UPSTREAM_INVALID_RESPONSE" }));
  });

  test("is read at any depth", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    const data = `{"mark":"BMW","deep":${deep}}`;
    expect(read(`{"result":${data}}`)).toMatchObject({ listing: { text: data } });
  });
});
