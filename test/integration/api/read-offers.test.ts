import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createStatementCache } from "../../../src/api/cache/query-cache.ts";
import { createOfferReader, type OfferReader } from "../../../src/api/query/offer-reader.ts";
import { toOffersQuery } from "../../../src/api/query/offers-query.ts";
import { readOffersPage, type StoredOffer } from "../../../src/api/query/read-offers.ts";
import { encodeCursor, SORTS, sortOf } from "../../../src/api/query/sort.ts";
import type { Queryable } from "../../../src/database/index.ts";
import { insertListings, listings } from "../../../tools/processed.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

type Server = Parameters<OfferReader>[0];

const ROWS = [...listings(130)];

/** A database whose statements wait until they are released, or fail as a network does. */
function gated(database: Queryable) {
  const statements: { ids: readonly string[]; release: () => void; fail: () => void }[] = [];
  const db: Queryable = {
    query: async (text, values, options) => {
      await new Promise<void>((release, fail) => {
        const ids = values?.[0] as string[];
        statements.push({ ids, release, fail: () => fail(new Error("read ECONNRESET")) });
      });
      return database.query(text, values, options);
    },
  };
  return { db: serverOf(db), statements };
}

/** A server whose reads wait for no turn. */
const serverOf = (db: Queryable): Server => ({ read: (work) => work(db) });

onEachDatabase("createOfferReader", ({ database }) => {
  const idOf = (index: number) => ROWS[index]?.inner_id ?? "";
  const idIn = (offer: StoredOffer | undefined) => offer && JSON.parse(offer.document).inner_id;

  /** Requests one listing per turn of the event loop, without awaiting the previous one. */
  async function request(read: OfferReader, db: Server, ids: readonly string[]) {
    const offers: Promise<StoredOffer | undefined>[] = [];
    for (const id of ids) {
      offers.push(read(db, 1, id));
      await nextTurn();
    }
    return offers;
  }

  test("returns each listing to its own request", async () => {
    await insertListings(database(), ROWS);
    const ids = [...ROWS.map(({ inner_id }) => inner_id), "nothing", idOf(3), "'; drop table raw_data; --"];
    const read = createOfferReader();
    const server = serverOf(database());
    const found = await Promise.all(ids.map((id) => read(server, 1, id)));
    expect(found.map(idIn)).toEqual([...ROWS.map(({ inner_id }) => inner_id), undefined, idOf(3), undefined]);
  });

  test("sends a single request without delay", async () => {
    const { db, statements } = gated(database());
    const offer = createOfferReader()(db, 1, "1");
    await nextTurn();
    expect(statements.map(({ ids }) => ids)).toEqual([["1"]]);
    statements[0]?.release();
    expect(await offer).toBeUndefined();
  });

  test("batches requests while four statements are in flight", async () => {
    await insertListings(database(), ROWS);
    const { db, statements } = gated(database());
    const read = createOfferReader();
    const first = await request(read, db, [0, 1, 2, 3].map(idOf));
    const waiting = await request(read, db, [4, 5, 6, 7, 8, 9].map(idOf));
    expect(statements.map(({ ids }) => ids)).toEqual([[idOf(0)], [idOf(1)], [idOf(2)], [idOf(3)]]);
    statements[2]?.release();
    expect(idIn(await first[2])).toBe(idOf(2));
    expect(statements.slice(4).map(({ ids }) => ids)).toEqual([[4, 5, 6, 7, 8, 9].map(idOf)]);
    for (const { release } of statements) {
      release();
    }
    expect((await Promise.all(waiting)).map(idIn)).toEqual([4, 5, 6, 7, 8, 9].map(idOf));
  });

  test("reads at most a hundred listings per statement", async () => {
    await insertListings(database(), ROWS);
    const { db, statements } = gated(database());
    const read = createOfferReader();
    const all = ROWS.map(({ inner_id }) => read(db, 1, inner_id));
    await nextTurn();
    expect(statements.map(({ ids }) => ids.length)).toEqual([100, 30]);
    for (const { release } of statements) {
      release();
    }
    expect((await Promise.all(all)).map(idIn)).toEqual(ROWS.map(({ inner_id }) => inner_id));
  });

  test("a token's requests share statements with those of a token that sent a hundred before", async () => {
    const { db, statements } = gated(database());
    const read = createOfferReader();
    const first = await request(read, db, [0, 1, 2, 3].map(idOf));
    const crowd = ROWS.slice(4, 124).map(({ inner_id }) => read(db, 1, inner_id));
    const other = read(db, 2, idOf(129));
    statements[0]?.release();
    await first[0];
    expect(statements[4]?.ids.slice(0, 2)).toEqual([idOf(4), idOf(129)]);
    for (const { release } of statements) {
      release();
    }
    await expect.poll(() => statements.length).toBe(6);
    statements[5]?.release();
    await Promise.all([...first, ...crowd, other]);
  });

  test("requests beyond the queue of a token are refused; another token's are not", async () => {
    const { db, statements } = gated(database());
    const read = createOfferReader({ maxWaiting: 3 });
    const first = await request(read, db, ["1", "2", "3", "4"]);
    const waiting = ["5", "6", "7"].map((id) => read(db, 1, id));
    await expect(read(db, 1, "8")).rejects.toMatchObject({ status: 503, code: "queue_full" });
    const other = read(db, 2, "9");
    for (const { release } of statements) {
      release();
    }
    await expect.poll(() => statements.length).toBe(5);
    statements[4]?.release();
    expect(await Promise.all([...first, ...waiting, other])).toEqual(new Array(8).fill(undefined));
  });

  test("a failed statement fails only its own requests", async () => {
    await insertListings(database(), ROWS);
    const { db, statements } = gated(database());
    const read = createOfferReader();
    const first = await request(read, db, [0, 1, 2, 3].map(idOf));
    const waiting = await request(read, db, [4, 5].map(idOf));
    const failures = Promise.allSettled([first[0], ...waiting]);
    statements[0]?.fail();
    await expect.poll(() => statements.length).toBe(5);
    statements[4]?.fail();
    expect((await failures).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    const later = await request(read, db, [idOf(6)]);
    expect(statements.at(-1)?.ids).toEqual([idOf(6)]);
    for (const { release } of statements) {
      release();
    }
    expect((await Promise.all([...first.slice(1), ...later])).map(idIn)).toEqual([1, 2, 3, 6].map(idOf));
  });
});

onEachDatabase("readOffersPage", ({ database }) => {
  test.each(["German, DMY", "SQL, MDY", "Postgres, DMY"])(
    "issues cursors that it accepts with DateStyle %s in another time zone",
    async (dateStyle) => {
      await insertListings(database(), ROWS);
      const statements = createStatementCache();
      const walk = (sort: (typeof SORTS)[number]) =>
        database().transaction(async (tx) => {
          await tx.query(`set local datestyle = '${dateStyle}'`);
          await tx.query("set local timezone = 'Asia/Kathmandu'");
          const items: string[] = [];
          let cursor: string | null | undefined;
          while (cursor !== null) {
            const query = toOffersQuery({ sort, limit: 17, cursor }, { pageSize: 20 });
            const page = await readOffersPage(tx, query, 1_000, statements);
            items.push(...page.items.map((item) => JSON.parse(item).inner_id));
            cursor = page.meta.next_cursor;
          }
          return items;
        });
      const shown = ROWS.filter((row) => row.active_status === 0 && !row.is_incomplete);
      for (const sort of SORTS) {
        expect((await walk(sort)).toSorted()).toEqual(shown.map(({ inner_id }) => inner_id).toSorted());
      }
    },
  );

  test("PostgreSQL reads every position that a cursor can hold", async () => {
    const statements = createStatementCache();
    const keys = {
      timestamptz: ["0001-01-01T00:00:00Z", "2024-02-29T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
      int: ["-2147483647", "0", "2147483647", null],
    };
    for (const sort of SORTS) {
      for (const key of keys[sortOf(sort).type]) {
        const cursor = encodeCursor({ sort, key, id: 2_147_483_647 });
        const query = toOffersQuery({ sort, cursor }, { pageSize: 20 });
        await expect(readOffersPage(database(), query, 1_000, statements)).resolves.toMatchObject({
          items: [],
        });
      }
    }
  });
});
