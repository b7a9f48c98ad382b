import type { Queryable } from "./types.ts";

/** VACUUM cannot run in a transaction, where statements on external sessions get their settings. */
export const isVacuum = (text: string): boolean => /^\s*vacuum\b/i.test(text);

/** Runs VACUUM on one session; the only setting it depends on is the schema, which is restored afterwards. */
export async function vacuum(session: Queryable, text: string, schema: string | undefined) {
  if (schema === undefined) {
    return session.query<never>(text);
  }
  const { rows } = await session.query<{ path: string }>(
    "select current_setting('search_path') as path, set_config('search_path', quote_ident($1), false)",
    [schema],
  );
  try {
    return await session.query<never>(text);
  } finally {
    await session.query("select set_config('search_path', $1, false)", [rows[0]?.path ?? ""]);
  }
}
