import { startSandbox } from "../../src/sandbox/index.ts";

/** A listing of the sandbox as text, split at its id: a template for any number of listings. */
export interface Template {
  /** The record of `/offers`. */
  readonly record: readonly Buffer[];
  /** The same as a line of COPY's text format. */
  readonly copied: readonly Buffer[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Responses of a service and rows of a table, with listings numbered from 1. */
export const innerIdOf = (number: number): string => String(50_000_000 + number);

const cut = (text: string, innerId: string) => text.split(innerId).map((piece) => Buffer.from(piece));

/** Renders `count` different listings of the sandbox. */
export async function renderTemplates(count: number): Promise<Template[]> {
  const sandbox = await startSandbox({ offers: count, changesPerDay: 0, pageSize: count });
  try {
    const answer = await fetch(`${sandbox.baseUrl}/offers?page=1&api_key=bench`);
    const { result } = (await answer.json()) as { result: (Record<string, unknown> & { data: object })[] };
    return result.map((record) => {
      const innerId = String(record.inner_id);
      const data = JSON.stringify(record.data);
      const line = `${innerId}\tadded\t2025-06-15T09:00:00Z\t${data.replaceAll("\\", "\\\\")}\tinitial_load\n`;
      return {
        record: cut(JSON.stringify(record), innerId),
        copied: cut(line, innerId),
        data: record.data as Record<string, unknown>,
      };
    });
  } finally {
    await sandbox.close();
  }
}

/** The text of a listing by its number, in pieces. */
export function* piecesOf(pieces: readonly Buffer[], number: number): Generator<Buffer> {
  const id = Buffer.from(innerIdOf(number));
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) {
      yield id;
    }
    yield piece;
  }
}
