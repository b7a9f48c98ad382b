import type { Database } from "../../../src/database/index.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { createUpdater, type UpdateRunOptions } from "../../../src/updater/index.ts";
import { change, clientOf, serve } from "../sandbox/service.ts";

const NOW = () => new Date("2025-06-15T12:00:00Z");

/** 45 changes: three pages. */
export const CHANGES = Array.from({ length: 45 }, (_, index) =>
  change(100 + index, "added", `l${index}`, { n: index }),
);

/** The text of a page of the feed. */
export const pageText = (meta: string, ...records: readonly string[]) =>
  `{"result":[${records.join(",")}],"meta":${meta}}`;

/** A feed with these page texts, by requested position. */
export async function serveTexts(pages: Readonly<Record<number, string>>): Promise<Sandbox> {
  const sandbox = await serve();
  for (const [position, body] of Object.entries(pages)) {
    sandbox.addFault({ path: "/changes", query: { change_id: position }, fault: { kind: "body", body } });
  }
  return sandbox;
}

/** The updater over a test's database at noon of 15 June 2025, and the position where it starts. */
export function updating(database: () => Database) {
  const updaterFor = (sandbox: Sandbox) =>
    createUpdater({ database: database(), client: clientOf(sandbox, { timeoutMs: 600_000 }), now: NOW });
  return {
    updaterFor,
    run: (sandbox: Sandbox, options?: UpdateRunOptions) => updaterFor(sandbox).run(options),
    startAt: (position: number) =>
      database().query(
        "insert into sync_state (id, last_change_id, last_successful_date) values (1, $1, '2025-06-14')",
        [position],
      ),
  };
}
