import type { SharedPart } from "../upstream/json/document-parts.ts";

/**
 * The JSON text of a shared part. `normalizeListing` takes it in place of the value and keeps its reading by the text.
 */
export interface SharedText {
  /** MD5 of the text, hexadecimal: as the service sent it, or as PostgreSQL prints it. */
  readonly key: string;
  readonly text: string;
  /** Whether it occurred before, so that it is worth keeping what is read from it. */
  readonly isKnown: boolean;
}

/** A document in pieces of JSON text. A piece that is null is missing, or part of the piece around it. */
export interface Pieces {
  readonly data: string;
  readonly extra: string | null;
  readonly option: string | null;
  readonly inspection: string | null;
  readonly shared: Readonly<Record<SharedPart, SharedText | null>>;
}

type Json = Record<string, unknown>;

/** Puts a document together; shared parts that are known stay text. */
export function documentOf({ data, extra, option, inspection, shared }: Pieces): unknown {
  const document: Json = JSON.parse(data);
  put(document, "configuration", shared.configuration);
  if (extra === null) {
    return document;
  }
  const extraParts: Json = JSON.parse(extra);
  document.extra = extraParts;
  put(extraParts, "configuration", shared.extra_configuration);
  if (inspection !== null) {
    extraParts.inspection = JSON.parse(inspection);
  }
  if (option !== null) {
    const optionParts: Json = JSON.parse(option);
    extraParts.option = optionParts;
    put(optionParts, "displayopts", shared.displayopts);
    put(optionParts, "moreoptions", shared.moreoptions);
  }
  return document;
}

function put(parent: Json, name: string, part: SharedText | null): void {
  if (part !== null) {
    parent[name] = part.isKnown ? part.text : JSON.parse(part.text);
  }
}
