import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createZstdCompress } from "node:zlib";
import { packTar, unpackTar } from "modern-tar";
import { describe, expect, onTestFinished, test } from "vitest";
import { freshServerDatabase } from "../../support/database/databases.ts";
import { databaseOf, dumpOf, fillAwkwardly, restoreFrom } from "../../support/database/dumps.ts";
import { directoryWith } from "../../support/files/files.ts";
import { runSource } from "../../support/process/command.ts";

const MB = 1_000_000;

/** A member of a dump, replaced by other bytes. */
async function withMember(
  dump: Buffer,
  name: RegExp,
  data: (old: Buffer) => Buffer | Promise<Buffer>,
): Promise<Buffer> {
  const entries = await unpackTar(dump);
  const changed = await Promise.all(
    entries.map(async ({ header, data: old = new Uint8Array() }) => {
      const body = name.test(header.name) ? await data(Buffer.from(old)) : Buffer.from(old);
      return { header: { ...header, size: body.length }, body: new Uint8Array(body) };
    }),
  );
  return Buffer.from(await packTar(changed));
}

/** `size` times the same byte, compressed. */
function bomb(size: number, byte: string): Promise<Buffer> {
  const block = Buffer.alloc(16 * 1024 * 1024, byte);
  return buffer(Readable.from(Array(Math.ceil(size / block.length)).fill(block)).pipe(createZstdCompress()));
}

async function validDump(): Promise<Buffer> {
  const source = await databaseOf("pglite");
  await fillAwkwardly(source);
  return dumpOf(source);
}

/** Prints the peak memory of the process, in kB, as it ends. */
const PEAK = `--import=data:text/javascript,${encodeURIComponent(
  'process.on("exit",()=>process.stderr.write("peak="+process.resourceUsage().maxRSS+"\\n"))',
)}`;

describe("a piece that expands to 1 GB", () => {
  const places = {
    "a server": async () => {
      const { url, drop } = await freshServerDatabase();
      onTestFinished(drop);
      return { cwd: await directoryWith(), env: { DATABASE_URL: url } };
    },
    "the embedded database": async () => ({ cwd: await directoryWith(), env: {} }),
  };
  // Creating an embedded database takes 1.1 GB by itself.
  test.each<[content: string, byte: string, problem: RegExp, into: keyof typeof places, megabytes: number]>([
    ["one row", "a", /has a row of more than 256 MiB/, "a server", 400],
    ["one row", "a", /has a row of more than 256 MiB/, "the embedded database", 1_500],
    ["empty rows", "\n", /more than the 6 rows of raw_data/, "a server", 400],
    ["empty rows", "\n", /more than the 6 rows of raw_data/, "the embedded database", 1_500],
  ])(
    "of %s (%j), restored into $3, is DUMP_INVALID in bounded memory",
    async (_content, byte, problem, into, megabytes) => {
      const compressed = await bomb(1_000 * MB, byte);
      expect(compressed.length).toBeLessThan(MB);
      const dump = await withMember(await validDump(), /^raw_data\//, () => compressed);
      const place = await places[into]();
      await writeFile(join(place.cwd, "bomb.dump"), dump);
      const env = { ...place.env, NODE_OPTIONS: PEAK };
      const { code, stderr } = await runSource(["restore", "bomb.dump"], { ...place, env });
      expect(code).toBe(2);
      expect(stderr).toMatch(problem);
      expect(Number(/peak=(\d+)/.exec(stderr)?.[1]) / 1_000).toBeLessThan(megabytes);
    },
  );
});

describe("a dump with", () => {
  test.each<
    [title: string, member: RegExp, data: (old: Buffer) => Buffer | Promise<Buffer>, problem: RegExp]
  >([
    ["a manifest of 8 MB", /^manifest/, () => Buffer.alloc(8 * MB, " "), /manifest\.json has 8000000 bytes/],
    ["contents of 8 MB", /^contents/, () => Buffer.alloc(8 * MB, " "), /contents\.json has 8000000 bytes/],
    ["a manifest of brackets", /^manifest/, () => Buffer.alloc(4 * MB, "["), /is not a dump/],
    ["contents of brackets", /^contents/, () => Buffer.alloc(4 * MB, "["), /contents\.json is invalid/],
    ["a row of another table", /^raw_data\//, () => zstdOf("1\tx\n"), /PostgreSQL refuses a row of raw_data/],
    ["a piece that is not zstd", /^raw_data\//, () => Buffer.from("nothing"), /cannot be decompressed/],
  ])("%s is DUMP_INVALID", async (_title, member, data, problem) => {
    const dump = await withMember(await validDump(), member, data);
    const target = await databaseOf("postgresql");
    await expect(restoreFrom(dump, target)).rejects.toMatchObject({
      code: "DUMP_INVALID",
      message: expect.stringMatching(problem),
    });
  });
});

const zstdOf = (text: string) => buffer(Readable.from([Buffer.from(text)]).pipe(createZstdCompress()));
