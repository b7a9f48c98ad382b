import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { piecesOf, renderTemplates } from "./documents.ts";

const cell = (value: unknown): string => {
  if (value === undefined || value === null) {
    return "";
  }
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
};

/** Writes a daily file with the listings of the other benchmarks, numbered from 1. */
export async function writeExportFile(path: string, count: number): Promise<void> {
  const templates = await renderTemplates(200);
  const names = [...new Set(templates.flatMap(({ data }) => Object.keys(data)))];
  const lines = templates.map(({ data }, index) => {
    const line = `${[...names.map((name) => cell(data[name])), '"2025-06-15T08:00:00Z"'].join("|")}\n`;
    return line.split(String(data.inner_id ?? index)).map((piece) => Buffer.from(piece));
  });
  const stream = createWriteStream(path, { highWaterMark: 1_048_576 });
  stream.write(`${[...names, "synced_at"].join("|")}\n`);
  for (let number = 1; number <= count; number += 1) {
    const line = lines[(number - 1) % lines.length] ?? [];
    if (!stream.write(Buffer.concat([...piecesOf(line, number)]))) {
      await once(stream, "drain");
    }
  }
  stream.end();
  await once(stream, "finish");
}
