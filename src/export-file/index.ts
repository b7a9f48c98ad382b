/** The service's daily files: streaming and resumable. */
export { type ExportColumn, type ExportColumns, requireColumns } from "./columns.ts";
export { type ExportChoice, type OpenExportOptions, openExport } from "./open-export.ts";
export type { RemoteOptions } from "./remote-bytes.ts";
export {
  type ExportAccount,
  type ExportBatch,
  type ExportEnd,
  type ExportFile,
  ExportReplaced,
  type ExportRow,
  MAX_REPLACEMENTS,
  type RowDocuments,
} from "./types.ts";
export {
  fileLabel,
  previousColumns,
  recordFile,
  refuseFuture,
  reportColumns,
  staleError,
  staleReason,
} from "./usable.ts";
