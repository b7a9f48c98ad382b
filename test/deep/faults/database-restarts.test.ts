import { expect, onTestFinished, test } from "vitest";
import { comparable } from "../../support/database/model.ts";
import { operations, rawRows } from "../../support/database/rows.ts";
import { collectingLogger } from "../../support/logs/logger.ts";
import { useStruckServer } from "../../support/postgres/struck-server.ts";

const { administer, armCrash, disturb, open, restart, struck, terminate, TERMINATE, WORK } =
  useStruckServer();

test.each([
  ["initial", "a restart", restart],
  ["daily", "a restart", restart],
  ["initial", "the termination of all its connections", terminate],
  ["daily", "the termination of all its connections", terminate],
] as const)(
  "%s survives %s, twice, and ends OK with every row and count right",
  async (kind, _what, strike) => {
    const { logger, lines } = collectingLogger();
    const database = await open({ logger });
    let page = 0;
    const { run, model, counts } = await WORK[kind](database, () => {
      page += 1;
      if (page === 1 || page === 4) {
        disturb(strike());
      }
    });
    const result = await run();
    await struck();
    expect(result).toMatchObject({ status: "OK", ...counts });
    const after = await open();
    expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
    expect(await operations(after)).toMatchObject([{ status: "OK", details: { ...counts, errors: 0 } }]);
    expect(await after.lockHolders()).toEqual([]);
    if (strike === restart) {
      // The message of PostgreSQL or the system. A terminated idle connection is replaced silently.
      const warnings = lines.filter(({ level }) => level === "warn").map(({ text }) => text);
      expect(warnings).toContainEqual(expect.stringMatching(/terminat|ECONN|starting up|shutting down/));
    }
  },
);

test.each([
  ["initial", 4],
  ["initial", 6],
  ["daily", 4],
  ["daily", 6],
] as const)(
  "%s reloads what a server that crashed after page %i lost, and counts nothing twice",
  async (kind, at) => {
    const crash = await armCrash();
    onTestFinished(() => administer("alter system reset autovacuum", "select pg_reload_conf()"));
    const { logger, lines } = collectingLogger();
    const database = await open();
    let page = 0;
    const onPage = () => {
      page += 1;
      if (page === at) {
        disturb(crash());
      }
    };
    const { run, model, counts } = await WORK[kind](database, onPage, logger);
    expect(await run()).toMatchObject({ status: "OK", ...counts });
    await struck();
    if (at === 4) {
      // After the last page a commit flushes the WAL, possibly before the crash.
      expect(lines.map(({ text }) => text)).toContainEqual(expect.stringMatching(/lost its last pages/));
      expect(page).toBeGreaterThan(6);
    }
    const after = await open();
    expect(comparable((await rawRows(after)).values())).toEqual(comparable(model.rows.values()));
    expect(await operations(after)).toMatchObject([{ status: "OK", details: { ...counts, errors: 0 } }]);
    const { rows } = await after.query("select records, last_records from load_state");
    expect(rows).toEqual(kind === "initial" ? [{ records: 120, last_records: 120 }] : []);
  },
);

test("a temporarily read-only server is waited for, and its own message is logged", async () => {
  const sessionsBecome = (mode: "on" | "off") =>
    administer(
      "set default_transaction_read_only = off",
      `alter role postgres set default_transaction_read_only = ${mode}`,
      TERMINATE,
    );
  const { logger, lines } = collectingLogger();
  let isMended = false;
  const database = await open({
    logger: {
      ...logger,
      warn: (text) => {
        logger.warn(text);
        if (text.includes("read-only") && !isMended) {
          isMended = true;
          disturb(sessionsBecome("off"));
        }
      },
    },
  });
  let page = 0;
  const { run, model, counts } = await WORK.initial(database, () => {
    page += 1;
    if (page === 2) {
      disturb(sessionsBecome("on"));
    }
  });
  expect(await run()).toMatchObject({ status: "OK", ...counts });
  await struck();
  expect(isMended).toBe(true);
  expect(lines.map(({ text }) => text)).toContainEqual(expect.stringContaining("in a read-only transaction"));
  expect(comparable((await rawRows(await open())).values())).toEqual(comparable(model.rows.values()));
});
