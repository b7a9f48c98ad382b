import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createOfferReader, type OfferReader } from "../../../src/api/query/read-offers.ts";
import type { Queryable } from "../../../src/database/index.ts";
import { onEachDatabase } from "../../support/database/databases.ts";
import { insertListings, listings } from "../../support/database/processed.ts";

const ROWS = [...listings(130)];

/** The way to a database, on which each statement waits until it is let through, or fails as a network does. */
function gated(database: Queryable) {
  const begun: { ids: readonly string[]; pass: () => void; fail: () => void }[] = [];
  const db: Queryable = {
    query: async (text, values, options) => {
      await new Promise<void>((pass, fail) => {
        const ids = values?.[0] as string[];
        begun.push({ ids, pass, fail: () => fail(new Error("read ECONNRESET")) });
      });
      return database.query(text, values, options);
    },
  };
  return { db, begun };
}

onEachDatabase("a listing that is asked for", ({ database }) => {
  const idOf = (index: number) => ROWS[index]?.inner_id ?? "";
  const idIn = (offer: string | undefined) => (offer === undefined ? undefined : JSON.parse(offer).inner_id);

  /** Asks for one listing after the other, none of which waits for the one before. */
  async function ask(read: OfferReader, db: Queryable, ids: readonly string[]) {
    const answers: Promise<string | undefined>[] = [];
    for (const id of ids) {
      answers.push(read(db, id));
      await nextTurn();
    }
    return answers;
  }

  test("is found by its own id among all others that are asked for at the same time", async () => {
    await insertListings(database(), ROWS);
    const ids = [...ROWS.map(({ inner_id }) => inner_id), "nothing", idOf(3), "'; drop table raw_data; --"];
    const read = createOfferReader();
    const found = await Promise.all(ids.map((id) => read(database(), id)));
    expect(found.map(idIn)).toEqual([...ROWS.map(({ inner_id }) => inner_id), undefined, idOf(3), undefined]);
  });

  test("alone, is asked for at once", async () => {
    const { db, begun } = gated(database());
    const answer = createOfferReader()(db, "1");
    await nextTurn();
    expect(begun.map(({ ids }) => ids)).toEqual([["1"]]);
    begun[0]?.pass();
    expect(await answer).toBeUndefined();
  });

  test("while four statements are under way, shares the next with everyone who waits", async () => {
    await insertListings(database(), ROWS);
    const { db, begun } = gated(database());
    const read = createOfferReader();
    const first = await ask(read, db, [0, 1, 2, 3].map(idOf));
    const waiting = await ask(read, db, [4, 5, 6, 7, 8, 9].map(idOf));
    expect(begun.map(({ ids }) => ids)).toEqual([[idOf(0)], [idOf(1)], [idOf(2)], [idOf(3)]]);
    begun[2]?.pass();
    expect(idIn(await first[2])).toBe(idOf(2));
    expect(begun.slice(4).map(({ ids }) => ids)).toEqual([[4, 5, 6, 7, 8, 9].map(idOf)]);
    for (const { pass } of begun) {
      pass();
    }
    expect((await Promise.all(waiting)).map(idIn)).toEqual([4, 5, 6, 7, 8, 9].map(idOf));
  });

  test("is read by statements of at most a hundred", async () => {
    await insertListings(database(), ROWS);
    const { db, begun } = gated(database());
    const read = createOfferReader();
    const all = ROWS.map(({ inner_id }) => read(db, inner_id));
    await nextTurn();
    expect(begun.map(({ ids }) => ids.length)).toEqual([100, 30]);
    for (const { pass } of begun) {
      pass();
    }
    expect((await Promise.all(all)).map(idIn)).toEqual(ROWS.map(({ inner_id }) => inner_id));
  });

  test("fails only with the statement that it shares, and the next are read as before", async () => {
    await insertListings(database(), ROWS);
    const { db, begun } = gated(database());
    const read = createOfferReader();
    const first = await ask(read, db, [0, 1, 2, 3].map(idOf));
    const waiting = await ask(read, db, [4, 5].map(idOf));
    const failures = Promise.allSettled([first[0], ...waiting]);
    begun[0]?.fail();
    await expect.poll(() => begun.length).toBe(5);
    begun[4]?.fail();
    expect((await failures).map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    const later = await ask(read, db, [idOf(6)]);
    expect(begun.at(-1)?.ids).toEqual([idOf(6)]);
    for (const { pass } of begun) {
      pass();
    }
    expect((await Promise.all([...first.slice(1), ...later])).map(idIn)).toEqual([1, 2, 3, 6].map(idOf));
  });
});
