import { type ExportBatch, type ExportFile, fileLabel } from "../export-file/index.ts";
import type { Client } from "../upstream/index.ts";
import type { SnapshotBatch, SnapshotCheckpoint, SnapshotRecord, SnapshotSource } from "./source.ts";

interface Place {
  /** Where the next row starts. */
  readonly position: number;
}

const placeOf = (checkpoint: SnapshotCheckpoint | null) =>
  (checkpoint as unknown as Place | null)?.position ?? null;

/** A row as JSON; cells with invalid JSON are kept as text. */
function documentOf(batch: ExportBatch, index: number): string {
  const render = (asText: boolean) => {
    const { bytes, spans } = batch.documents(asText);
    return bytes.toString("utf8", ...(spans[index] ?? [0, 0]));
  };
  const text = render(false);
  try {
    JSON.parse(text);
    return text;
  } catch {
    return render(true);
  }
}

/** Rows as records. Their data is rendered when it is read: that of an equal listing never is. */
function toBatch(batch: ExportBatch): SnapshotBatch {
  const records = batch.rows.map(
    ({ innerId, createdAt }, index): SnapshotRecord => ({
      innerId,
      createdAt,
      contentHash: batch.hash(index),
      get data() {
        return documentOf(batch, index);
      },
    }),
  );
  return { records, rejections: batch.rejections, checkpoint: { position: batch.position } };
}

/** A daily file. An absent listing is gone, because a file is one snapshot. */
export function createExportSource(
  file: ExportFile,
  { client, total }: { readonly client: Client; readonly total: number | null },
): SnapshotSource {
  return {
    name: `export ${file.date}`,
    id: `${fileLabel(file)} ${file.version}`,
    absentIsGone: true,
    total,
    findPosition: async (call) => ({ position: await client.changeId(file.date, call) }),
    read: async function* (checkpoint, call) {
      const batches = file.read(placeOf(checkpoint), call);
      try {
        for (;;) {
          const { done, value } = await batches.next();
          if (!done) {
            yield toBatch(value);
            continue;
          }
          const { truncated } = value;
          return truncated === undefined
            ? { complete: true }
            : { complete: false, error: `${fileLabel(file)} is incomplete: ${truncated}` };
        }
      } finally {
        await batches.return({ truncated: undefined });
      }
    },
  };
}
