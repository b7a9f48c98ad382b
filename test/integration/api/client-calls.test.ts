import { readdirSync, readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createLoader } from "../../../src/loader/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { createUpdater } from "../../../src/updater/index.ts";
import { dayOf } from "../../../src/util/days.ts";
import errors from "../../fixtures/upstream/errors.json" with { type: "json" };
import { openMirror } from "../../support/api/mirror.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { failureOf, startClient, startService } from "../../support/sandbox/http-service.ts";
import {
  createOfficialClient,
  type OfficialClient,
  OfficialClientError,
  type OfficialRecord,
} from "../../support/sandbox/official-client.ts";
import { clientOf } from "../../support/sandbox/service.ts";

const SOURCE = "che168";
const KEY = "right";
const today = dayOf(new Date(), "Europe/Moscow");

/** The sample of an error that the service was seen to send. */
const sampleOf = (status: number) => {
  const body = errors.find((error) => error.status === status)?.body;
  return typeof body === "object" ? body : { message: "" };
};

/** What a call fails with. */
async function failure(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    if (error instanceof OfficialClientError) {
      return { kind: error.kind, status: error.status, message: error.message };
    }
    throw error;
  }
  throw new Error("The call succeeded");
}

async function walkOffers(client: OfficialClient, query = {}): Promise<OfficialRecord[]> {
  const records: OfficialRecord[] = [];
  let page: number | null = 1;
  while (page) {
    const { result, meta } = await client.getOffers(SOURCE, { page, ...query });
    expect(meta).toMatchObject({ page, limit: 20 });
    records.push(...result);
    page = meta.next_page;
  }
  return records;
}

/** As in the clients' examples: until `next_change_id` is falsy. */
async function walkChanges(client: OfficialClient, from: number): Promise<OfficialRecord[]> {
  const records: OfficialRecord[] = [];
  let id: number | null = from;
  while (id) {
    const { result, meta } = await client.getChanges(SOURCE, id);
    expect(meta).toMatchObject({ cur_change_id: id, limit: 20 });
    records.push(...result);
    id = meta.next_change_id;
  }
  return records;
}

/** Every call of the clients, and its expected result. */
async function expectCalls(client: OfficialClient, listings: ReadonlyMap<string, unknown>) {
  const filters = await client.getFilters(SOURCE);
  expect(Object.keys(filters).toSorted()).toEqual(
    ["mark", "transmission_type", "color", "body_type", "engine_type", "drive_type"].toSorted(),
  );
  const [mark = ""] = Object.keys(filters.mark as object);
  expect((filters.mark as Record<string, unknown>)[mark]).toEqual({ model: expect.any(Array) });

  const records = await walkOffers(client);
  expect(new Map(records.map(({ inner_id, data }) => [inner_id, data]))).toEqual(listings);
  for (const record of records) {
    expect(record).toMatchObject({ id: expect.any(Number), change_type: "added" });
    expect(Number.isNaN(Date.parse(record.created_at))).toBe(false);
  }
  const [first] = records as [OfficialRecord];
  // Names of filters that the clients document and the service ignores.
  const ignored = { brand: mark, transmission: "x", mileage_to: 1 };
  expect(await walkOffers(client, ignored)).toHaveLength(listings.size);
  const ofMark = await walkOffers(client, { mark: String(first.data.mark) });
  expect(ofMark.length).toBeGreaterThan(0);
  expect(ofMark.length).toBeLessThan(listings.size);

  const url = String(first.data.url);
  expect(await client.getOfferByUrl(url)).toEqual(first.data);

  const from = await client.getChangeId(SOURCE, today);
  const changes = await walkChanges(client, from);
  expect(changes.length).toBeGreaterThan(20);
  expect(changes.map(({ id }) => id)).toEqual(changes.map((_, index) => from + index));
  for (const { inner_id, change_type, data } of changes) {
    expect(typeof inner_id).toBe("string");
    expect(["added", "changed", "removed"]).toContain(change_type);
    expect(change_type === "removed" || typeof data === "object").toBe(true);
  }
  return first;
}

/** Errors as the clients report them, with the service's own texts. */
async function expectErrors(client: OfficialClient, withKey: (key: string) => OfficialClient) {
  const wrong = withKey("wrong");
  const unauthorized = {
    kind: "auth",
    status: 401,
    message: expect.stringMatching(new RegExp(`^${sampleOf(401).message}`)),
  };
  for (const call of [
    wrong.getFilters(SOURCE),
    wrong.getOffers(SOURCE, { page: 1 }),
    wrong.getOffer(SOURCE, "1"),
    wrong.getChangeId(SOURCE, today),
    wrong.getChanges(SOURCE, 1),
    wrong.getOfferByUrl("https://www.che168.com/dealer/1/1.html"),
  ]) {
    expect(await failure(call)).toEqual(unauthorized);
  }
  const notFound = { kind: "api", status: 404, message: sampleOf(404).message };
  expect(await failure(client.getFilters("encar"))).toEqual(notFound);
  expect(await failure(client.getChanges("encar", 1))).toEqual(notFound);
  expect(await failure(client.getOffer(SOURCE, "1"))).toEqual({ ...notFound, message: "No listing 1" });
  const invalid = { kind: "api", status: 422, message: sampleOf(422).message };
  expect(await failure(client.getOffers(SOURCE, {}))).toEqual(invalid);
  expect(await failure(client.getChangeId(SOURCE, "yesterday"))).toEqual(invalid);
  expect(await failure(client.getOfferByUrl("https://example.com/"))).toEqual(invalid);
}

async function start(options: SandboxOptions = {}) {
  const sandbox = await startSandbox({ offers: 45, changesPerDay: 40, days: 1, apiKey: KEY, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, withKey: (key: string) => createOfficialClient(sandbox.url, key) };
}

const active = (sandbox: Awaited<ReturnType<typeof startSandbox>>) =>
  new Map([...sandbox.current()].filter(([, one]) => one.active).map(([id, { data }]) => [id, data]));

test("the official clients read the sandbox, in either form of a single listing", async () => {
  for (const offerForm of ["record", "list"] as const) {
    const { sandbox, withKey } = await start({ offerForm: "bare" });
    const { inner_id, data } = await expectCalls(withKey(KEY), active(sandbox));
    const formed = await start({ offerForm });
    const client = formed.withKey(KEY);
    const single =
      offerForm === "record"
        ? await client.getOffer(SOURCE, inner_id)
        : (await client.getOfferList(SOURCE, inner_id)).result[0];
    expect(single?.data.url).toBe(data.url);
  }
});

test("the official clients report the sandbox's errors as they do those of the service", async () => {
  const { sandbox, withKey } = await start();
  await expectErrors(withKey(KEY), withKey);
  for (const { status, body } of errors.filter((error) => [403, 502].includes(error.status))) {
    sandbox.addFault({
      times: 1,
      fault: { kind: "status", status, body: typeof body === "string" ? "text" : "json" },
    });
    const response = await fetch(`${sandbox.baseUrl}/filters?api_key=${KEY}`);
    const text = await response.text();
    expect([response.status, typeof body === "string" ? text : JSON.parse(text)]).toEqual([status, body]);
  }
  sandbox.addFault({ fault: { kind: "status", status: 502, body: "text" } });
  expect(await failure(withKey(KEY).getFilters(SOURCE))).toMatchObject({ message: "API error: 502" });
});

test("the sandbox's listings have every field of those that the service was seen to send", async () => {
  const { withKey } = await start({ offers: 100, defects: true });
  const sent = new Set((await walkOffers(withKey(KEY))).flatMap(({ data }) => Object.keys(data)));
  const directory = new URL("../../fixtures/upstream/", import.meta.url);
  const samples = readdirSync(directory).filter((name) => name.startsWith("offer-"));
  const seen = samples.flatMap((name) =>
    Object.keys(JSON.parse(readFileSync(new URL(name, directory), "utf8"))),
  );
  expect([...new Set(seen)].filter((name) => !sent.has(name))).toEqual([]);
});

test.each(errors)("our client shows the service's message with $status", async ({ status, body }) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const service = await startService((response) => {
    response.writeHead(status).end(text);
  });
  const { client } = startClient(service, { retry: { attempts: 1 } });
  const { message } = await failureOf(client.filters());
  expect(message).toContain(String(status));
  expect(message).toContain(typeof body === "string" ? body : body.message);
  for (const detail of (typeof body === "object" && body.errors) || []) {
    expect(message).toContain(detail);
  }
});

onEachDatabase("the mirror", ({ database }) => {
  test("is read by the official clients, in both forms of a single listing at once", async () => {
    const { sandbox } = await start();
    const client = clientOf(sandbox, { apiKey: KEY });
    await createLoader({ database: database(), client }).run();
    sandbox.advance(30);
    await createUpdater({ database: database(), client }).run();
    await createNormalizer({ database: database() }).run();
    const { origin, token } = await openMirror(database());
    const official = createOfficialClient(origin, token);
    const { inner_id, data } = await expectCalls(official, active(sandbox));
    expect((await official.getOffer(SOURCE, inner_id)).data).toEqual(data);
    expect((await official.getOfferList(SOURCE, inner_id)).result).toMatchObject([{ inner_id, data }]);
  });

  test("reports errors to the official clients with the service's texts", async () => {
    const [reader] = await createTokens({ database: database() }).create({ scopes: ["read"] });
    const { origin, token } = await openMirror(database());
    const withKey = (key: string) => createOfficialClient(origin, key);
    await expectErrors(withKey(token), withKey);
    expect(await failure(withKey(reader?.token ?? "").getFilters(SOURCE))).toEqual({
      kind: "auth",
      status: 403,
      message: expect.stringMatching(new RegExp(`^${sampleOf(403).message}: .*scope \`mirror\``)),
    });
  });
});
