import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { normalizeListing } from "../../../src/listing/index.ts";
import { parseListing } from "../../../src/upstream/raw-listing.ts";
import { parseChangesPage, responseContext } from "../../../src/upstream/responses.ts";

/** Responses of the service, as other clients of it have published them. */
const DIRECTORY = new URL("../../fixtures/upstream/", import.meta.url);
const sample = (name: string): Buffer => readFileSync(new URL(name, DIRECTORY));
const contextOf = (body: Buffer | string) =>
  responseContext(Buffer.from(body), { what: "a sample", method: "GET", path: "/sample" }, (text) => text);

describe("pages of the feed that the service was seen to send", () => {
  test.each([
    ["changes-end-null.json", 10505382],
    ["changes-end-plus-one.json", 13],
    ["changes-end-without-next.json", 10],
  ])("%s is the end of the feed", (name, position) => {
    expect(parseChangesPage(position, contextOf(sample(name)))).toEqual({ parts: [], nextChangeId: null });
  });

  test("an old position is answered from the oldest change that is left", () => {
    const { parts, nextChangeId } = parseChangesPage(0, contextOf(sample("changes-oldest-kept.json")));
    expect(parts.map(({ outline }) => outline)).toMatchObject([{ id: 8350524, change_type: "changed" }]);
    expect(nextChangeId).toBe(8350544);
  });
});

describe("listings that the service was seen to send", () => {
  const listings = readdirSync(DIRECTORY).filter((name) => name.startsWith("offer-"));

  test.each(listings)("%s is read in every form, and is a listing", (name) => {
    const bare = sample(name).toString().trim();
    const data = JSON.parse(bare);
    const { inner_id } = data;
    const record = `{"inner_id":"${inner_id}","data":${bare}}`;
    for (const body of [bare, `{"result":${bare}}`, record, `{"result":[${record}],"meta":{"limit":20}}`]) {
      expect(parseListing(contextOf(body), inner_id)).toEqual({ listing: { text: bare, data } });
    }
    const { listing } = normalizeListing(data);
    expect(listing).toMatchObject({ inner_id, mark: expect.any(String), price: expect.any(Number) });
  });
});
