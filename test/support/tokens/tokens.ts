/** A token that does not exist. */
export const WRONG = "0000000000000000";

/** A clock that the test advances. */
export function clock(start = "2026-11-24T12:00:00Z") {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    pass: (ms: number) => {
      at += ms;
    },
  };
}

/** A logger that keeps its lines. */
export function recorder() {
  const lines: string[] = [];
  const record = (text: string) => void lines.push(text);
  return { lines, logger: { debug() {}, info: record, warn: record, error: record } };
}

export const secretOf = (created: { token: string } | undefined) => created?.token ?? "";
