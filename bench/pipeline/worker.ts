// The reference implementations, in a child process. Takes a WorkerOrder as argument and sends the elapsed milliseconds.
import { once } from "node:events";
import { Agent, get } from "node:http";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { openExport } from "../../src/export-file/index.ts";
import { piecesOf, renderTemplates } from "./documents.ts";

export interface WorkerOrder {
  /**
   * A bare COPY of listings; changes applied with one SELECT and one UPDATE each; pages of the catalogue fetched one after the
   * other; a daily file parsed into documents, or only into cells.
   */
  readonly work: "copy" | "one by one" | "read" | "parse" | "cells";
  readonly database: string;
  readonly baseUrl: string;
  readonly count: number;
  /** The daily file. */
  readonly file?: string;
}

interface ChangeRecord {
  readonly id: number;
  readonly inner_id: string;
  readonly change_type: string;
  readonly created_at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const { work, database, baseUrl, count, file = "" } = JSON.parse(process.argv[2] ?? "") as WorkerOrder;
const client = new pg.Client({ connectionString: database });

async function copy(templates: Awaited<ReturnType<typeof renderTemplates>>): Promise<void> {
  const stream = client.query(
    copyFrom("copy raw_data (inner_id, change_type, created_at, data, source) from stdin"),
  );
  for (let number = 1; number <= count; number += 1) {
    const template = templates[(number - 1) % templates.length];
    if (!stream.write(Buffer.concat([...piecesOf(template?.copied ?? [], number)]))) {
      await once(stream, "drain");
    }
  }
  stream.end();
  await once(stream, "finish");
}

async function readChanges(): Promise<ChangeRecord[]> {
  const records: ChangeRecord[] = [];
  for (let position: number | null = 1_000; position !== null && records.length < count; ) {
    const answer = await fetch(`${baseUrl}/changes?change_id=${position}`);
    const page = (await answer.json()) as { result: ChangeRecord[]; meta: { next_change_id: number | null } };
    records.push(...page.result);
    position = page.meta.next_change_id;
  }
  return records;
}

/** The obvious implementation: reads the row, changes it, writes it back. */
async function applyOneByOne(records: readonly ChangeRecord[]): Promise<void> {
  for (const { id, inner_id, change_type, created_at, data } of records) {
    const { rows } = await client.query("select * from raw_data where inner_id = $1", [inner_id]);
    const row = rows[0];
    const fields = Object.entries(data).map(([key, value]) => [key.replace(/^new_/, ""), value] as const);
    const merged = { ...row.data, ...Object.fromEntries(fields) };
    const active = { added: 0, changed: row.active_status, removed: 1 }[change_type];
    await client.query(
      `update raw_data set data = $2, change_type = $3, created_at = $4, active_status = $5, change_id = $6,
              last_updated_at = now(), is_processed = false where inner_id = $1`,
      [inner_id, JSON.stringify(merged), change_type, created_at, active, id],
    );
  }
}

/** `node:http` alone over one keep-alive connection; discards the pages. */
async function readPages(): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (let page = 1; page <= count; page += 1) {
    await new Promise<void>((resolve, reject) => {
      get(`${baseUrl}/offers?page=${page}`, { agent }, (answer) => {
        answer.resume().on("end", resolve).on("error", reject);
      }).on("error", reject);
    });
  }
  agent.destroy();
}

async function parseFile(): Promise<void> {
  const opened = await openExport({ path: file }, { timezone: "Europe/Moscow" });
  for await (const batch of opened.read(null, {})) {
    if (work === "parse") {
      batch.documents();
    }
  }
}

async function prepare(): Promise<() => Promise<void>> {
  switch (work) {
    case "copy":
      return copy.bind(undefined, await renderTemplates(200));
    case "one by one":
      return applyOneByOne.bind(undefined, await readChanges());
    case "read":
      return readPages;
    case "parse":
    case "cells":
      return parseFile;
  }
}

await client.connect();
const run = await prepare();
const started = performance.now();
await run();
process.send?.(performance.now() - started);
await client.end();
process.disconnect?.();
