import type { ApiContext } from "../api-context.ts";
import { exportRows } from "../export/export-rows.ts";
import { exportStream } from "../export/export-stream.ts";
import { csvFormat, ndjsonFormat } from "../export/formats.ts";
import { CURSOR_COLUMN, exportParameters } from "../export/parameters.ts";
import { withStoredNames } from "../facets/stored-names.ts";
import type { Route } from "../http/pipeline.ts";
import { Problem } from "../http/problem.ts";
import { toSelection } from "../query/offers-query.ts";
import { readParameters } from "../query/parameters.ts";
import { decodeCursor } from "../query/sort.ts";
import { CARD_COLUMNS } from "../schema/schemas.ts";

/** A card without what derives from its `image`. */
const DEFAULT_FIELDS = [
  ...CARD_COLUMNS.map(({ name }) => name).filter((name) => name !== "image_sizes"),
  CURSOR_COLUMN,
];
/** The text that was searched for instead of `q`, percent-encoded: a file has no place for it. */
const CORRECTED_HEADER = "x-corrected-query";
/** An export takes seconds to minutes; when it ends is not known. */
const RETRY_AFTER_SEC = 10;

/** `GET /export`: a whole selection as CSV or NDJSON. */
export function exportRoute({
  labels,
  columns,
  pictures,
  positionHeaders,
  hasChanges,
  suggestions,
}: ApiContext): Route {
  const parameters = exportParameters(labels);
  /** Tokens with an export in progress. */
  const running = new Set<number | undefined>();

  return {
    path: "/export",
    access: "token",
    scope: "read",
    operation: {
      id: "exportOffers",
      tag: "Listings",
      summary: "A whole selection as a file",
      details:
        "Takes the filters of `/offers` and streams every match. CSV is that of RFC 4180, with lists and objects as JSON. A token can run one export at a time; another one is a 429. After an interruption, an export continues with the `cursor` of the last complete row.",
      parameters,
      response: {
        description: "The listings, one per line.",
        type: ["text/csv", "application/x-ndjson"],
        schema: { type: "string" },
      },
      tagged: false,
      positioned: hasChanges,
      corrected: true,
      file: true,
    },
    logged: () => "/export",
    handle: async ({ search, token }, snapshot) => {
      const given = readParameters(parameters, search.query);
      const {
        format = "csv",
        bom,
        formulas,
        sort = "-created_at",
        fields = DEFAULT_FIELDS,
        cursor,
        ...values
      } = given;
      const after = cursor === undefined ? undefined : decodeCursor(cursor, sort);
      if (typeof after === "string") {
        throw Problem.invalidParameters([{ parameter: "cursor", message: after }]);
      }
      const names = [...new Set(fields)];
      // The addresses are filled in by the name of the member.
      const asArrays = format === "csv" && !names.includes("image_sizes");
      const members = format === "csv" ? names.filter((name) => name !== CURSOR_COLUMN) : names;
      const escapesFormulas = formulas === "escape";
      const {
        type,
        head,
        format: formatRows,
      } = format === "csv"
        ? csvFormat(names, { hasMark: bom === "true", escapesFormulas, areArrays: asArrays })
        : ndjsonFormat(names);
      const current = await snapshot();
      await pictures.ready(current.shared.read);
      const wanted = await withStoredNames(toSelection(values, labels, Date.now()), columns, current.shared);
      const corrected = await suggestions.correct(wanted, current);
      const { selection = wanted } = corrected ?? {};
      return {
        cacheControl: "private, no-store",
        headers: [
          ...positionHeaders(current),
          ...(corrected === undefined
            ? []
            : [[CORRECTED_HEADER, encodeURIComponent(corrected.text)] as const]),
          ["content-disposition", `attachment; filename="listings.${format}"`],
        ],
        load: async () => {
          if (running.has(token?.id)) {
            throw Problem.tooMany(
              "An export with this token is in progress; one can run at a time.",
              RETRY_AFTER_SEC,
            );
          }
          running.add(token?.id);
          const rows = exportRows(current.read, { ...selection, sort, fields: members, asArrays, after });
          const withPictures = (row: { readonly item: string }) => pictures.fill(row.item);
          const filled: typeof formatRows = names.includes("image_sizes")
            ? (batch) => formatRows(batch.map((row) => ({ ...row, item: withPictures(row) })))
            : formatRows;
          const stream = await exportStream(rows, { type, head, format: filled }, () =>
            running.delete(token?.id),
          );
          return { type, stream };
        },
      };
    },
  };
}
