import { Readable, Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { dumpDatabase, restoreDatabase } from "../../../src/dump/index.ts";
import {
  contentsOf,
  databaseOf,
  dumpOf,
  ENGINES,
  fillAwkwardly,
  fillWith,
  restoreFrom,
} from "../../support/database/dumps.ts";

describe("a damaged dump", () => {
  test("is rejected when truncated at any point, and leaves the database empty", async () => {
    const source = await databaseOf("pglite");
    await fillAwkwardly(source);
    const dump = await dumpOf(source);
    const target = await databaseOf("postgresql");
    for (let end = 0; end < dump.length - 1024; end += 2_048) {
      await expect(restoreFrom(dump.subarray(0, end), target), `cut at ${end}`).rejects.toMatchObject({
        code: "DUMP_INVALID",
      });
    }
    const { rows } = await target.query("select count(*)::int as count from raw_data");
    expect(rows).toEqual([{ count: 0 }]);
    await restoreFrom(dump, target);
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
  });

  test("is rejected when a byte of a row has changed", async () => {
    const source = await databaseOf("pglite");
    await fillAwkwardly(source);
    const dump = await dumpOf(source);
    const target = await databaseOf("postgresql");
    const first = dump.indexOf("raw_data/0");
    for (let at = first + 520; at < first + 900; at += 37) {
      const changed = Buffer.from(dump);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      await expect(restoreFrom(changed, target), `changed at ${at}`).rejects.toMatchObject({
        code: "DUMP_INVALID",
      });
    }
  });

  test.each([
    ["another file", Buffer.from("nothing of ours".repeat(500)), /is not a dump of `che168-sync dump`/],
    ["an empty file", Buffer.alloc(0), /is not a dump/],
    [
      "PostgreSQL's own dump",
      Buffer.from(`PGDMP${"\0".repeat(3000)}`),
      /made by pg_dump; pg_restore reads it/,
    ],
  ])("%s is recognised", async (_, file, message) => {
    const target = await databaseOf("postgresql");
    await expect(restoreFrom(file, target)).rejects.toThrow(message);
  });

  test("of a newer format is rejected with the version that made it", async () => {
    const source = await databaseOf("pglite");
    const dump = await dumpOf(source);
    const newer = Buffer.from(
      dump.toString("latin1").replace('"formatVersion": 1', '"formatVersion": 9'),
      "latin1",
    );
    await expect(restoreFrom(newer, source)).rejects.toThrow(/format 9; this version reads format 1/);
  });

  test("fails with the system's message when the input cannot be read", async () => {
    const target = await databaseOf("postgresql");
    const input = new Readable({
      read() {
        this.destroy(Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" }));
      },
    });
    await expect(restoreDatabase({ database: target, input, name: "x" })).rejects.toThrow("EIO: i/o error");
  });
});

describe("stopping", () => {
  test.each(ENGINES)("a restore rolls back (%s)", async (engine) => {
    const source = await databaseOf("pglite");
    await fillWith(source, 40, 600_000);
    const dump = await dumpOf(source);
    const target = await databaseOf(engine);
    const controller = new AbortController();
    const reason = new Error("stopped by the test");
    const stopped = restoreFrom(dump, target, {
      signal: controller.signal,
      onProgress: ({ done }) => done > 10 && controller.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
    const { rows } = await target.query("select count(*)::int as count from raw_data");
    expect(rows).toEqual([{ count: 0 }]);
    await restoreFrom(dump, target);
  });

  test.each(ENGINES)("a dump releases the database immediately (%s)", async (engine) => {
    const source = await databaseOf(engine);
    await fillWith(source, 40, 600_000);
    const controller = new AbortController();
    const reason = new Error("stopped by the test");
    const output = new Writable({
      write: (_part, _encoding, done) => {
        controller.abort(reason);
        void setImmediate().then(() => done());
      },
    });
    await expect(dumpDatabase({ database: source, output, signal: controller.signal })).rejects.toBe(reason);
    expect(output.destroyed).toBe(true);
    await source.query("truncate raw_data");
  });

  test.each(ENGINES)("a failing output ends the dump with its error (%s)", async (engine) => {
    const source = await databaseOf(engine);
    await fillWith(source, 40, 600_000);
    const output = new Writable({
      write: (_part, _encoding, done) =>
        done(Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" })),
    });
    await expect(dumpDatabase({ database: source, output })).rejects.toThrow("ENOSPC: no space left");
    await source.query("truncate raw_data");
  });
});
