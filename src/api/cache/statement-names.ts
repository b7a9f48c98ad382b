import { hash } from "node:crypto";
import { createRecent } from "./recent.ts";

/** Gives a statement a name when it is asked often enough: PostgreSQL then parses it once a connection. */
export type StatementNames = (text: string) => { name?: string };

/** Each name lives on each connection for as long as that does. */
const MAX_NAMES = 64;
/** Statements whose uses are counted. */
const COUNTED = 500;
const NAMED_AFTER = 3;

export function createStatementNames(): StatementNames {
  const names = new Map<string, { name: string }>();
  const uses = createRecent<number>(COUNTED);
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) {
      return known;
    }
    if (names.size >= MAX_NAMES) {
      return {};
    }
    const count = (uses.get(text) ?? 0) + 1;
    uses.set(text, count);
    if (count < NAMED_AFTER) {
      return {};
    }
    // By its text: several handlers may share the connections of one database.
    const given = { name: `che168_${hash("sha256", text, "base64url").slice(0, 22)}` };
    names.set(text, given);
    return given;
  };
}
