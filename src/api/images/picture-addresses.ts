import type { Queryable } from "../../database/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { signedPath, versionOf } from "./signature.ts";
import { type ImageAddresses, type ImageSize, SIZES, sizesOf } from "./sizes.ts";

/** Settings of `image_sizes`. */
export interface PictureAddressOptions {
  /** Whether the size part of file names is replaced; otherwise all sizes are the stored picture. */
  readonly resize: boolean;
  /** Set when `/images` is served: prefix of its addresses, without a slash at its end. */
  readonly proxy: { readonly baseUrl: string } | undefined;
}

/** Runs work on a database with the rows of the request's snapshot. */
type Read = <T>(work: (db: Queryable) => Promise<T>) => Promise<T>;

/** Fills `image_sizes`, and knows the key of the signatures. */
export interface PictureAddresses {
  /** Loads the key, which is in the database so that all serving processes share it. Must be awaited before `fill`. */
  ready(read: Read): MaybePromise<void>;
  /** The key of the signatures, once loaded. */
  key(): string;
  /** The address of the picture that the API requests for a size. */
  upstream(url: string, size: ImageSize): string;
  /**
   * Fills `image_sizes` in a JSON object that has a placeholder of {@link IMAGE_SIZES_SQL} there.
   *
   * @param pictures those of a whole listing
   */
  fill(json: string, pictures?: StoredPictures): string;
}

/** The pictures of a listing, as stored. */
export interface StoredPictures {
  readonly innerId: string;
  readonly urls: readonly string[];
}

/** SQL of the placeholders for `image_sizes`, by what else the JSON object has. */
export const IMAGE_SIZES_SQL = {
  /** A whole listing: its pictures are read beside the object. */
  listing: "null",
  /**
   * A card: the picture is the member `image` before it, the listing `inner_id`. Reading `images` twice would take an
   * eighth of PostgreSQL's time for a page, because the column is stored out of line.
   */
  card: "null",
  /** Any selection of members: the placeholder itself has the listing's id and its first picture. */
  selection: "jsonb_build_array(inner_id, images -> 0)",
} as const;

/** In JSON a quote inside of a text is escaped, so only a member of the object itself matches. */
const NAME = '"image_sizes":';
const IMAGE = '"image":';
const NULL = "null";
/** The placeholder of a selection, at a position. */
const SELECTION = /\["(?:[^"\\]|\\.)*", (?:"(?:[^"\\]|\\.)*"|null)\]/y;

function placeholderAt(json: string, at: number): string {
  SELECTION.lastIndex = at;
  return json.startsWith(NULL, at) ? NULL : (SELECTION.exec(json)?.[0] ?? NULL);
}

const KEY = "select image_key::text from data_version where id = 1";

export function createPictureAddresses({ resize, proxy }: PictureAddressOptions): PictureAddresses {
  let key: string | undefined;
  const loaded = (): string => {
    if (key === undefined) {
      throw new Error("The key of picture addresses is not loaded");
    }
    return key;
  };

  const unscaled = (url: string): ImageAddresses => ({ thumb: url, card: url, full: url });
  const sizes = resize ? sizesOf : unscaled;

  const signedAddresses = (baseUrl: string, innerId: string, url: string, n: number): ImageAddresses => {
    const v = versionOf(url);
    const address = (size: ImageSize) => baseUrl + signedPath(loaded(), { innerId, n, size, v });
    return Object.fromEntries(SIZES.map((size) => [size, address(size)])) as Record<ImageSize, string>;
  };

  /** @param text the address as the content of a JSON string, which need not be parsed: a page of 20 would take a tenth longer */
  const plainJson = (text: string): string => {
    const { thumb, card, full } = sizes(text);
    return `{"thumb":"${thumb}","card":"${card}","full":"${full}"}`;
  };

  const sizesJson = ({ innerId, urls }: StoredPictures): string => {
    if (proxy !== undefined) {
      return JSON.stringify(urls.map((url, n) => signedAddresses(proxy.baseUrl, innerId, url, n)));
    }
    let json = "";
    for (const url of urls) {
      json += `${json === "" ? "" : ","}${plainJson(JSON.stringify(url).slice(1, -1))}`;
    }
    return `[${json}]`;
  };

  /** @param at position of the placeholder */
  const ofCard = (json: string, at: number): string => {
    const image = json.slice(json.lastIndexOf(IMAGE, at) + IMAGE.length, at - NAME.length - 1);
    if (image === NULL) {
      return "[]";
    }
    return proxy === undefined
      ? `[${plainJson(image.slice(1, -1))}]`
      : sizesJson({ innerId: JSON.parse(json).inner_id, urls: [JSON.parse(image)] });
  };

  const ofSelection = (placeholder: string): string => {
    const [innerId, url] = JSON.parse(placeholder) as [string, string | null];
    return sizesJson({ innerId, urls: url === null ? [] : [url] });
  };

  /** @param pictures those of a whole listing */
  const sizesIn = (json: string, at: number, placeholder: string, pictures?: StoredPictures): string => {
    if (pictures !== undefined) {
      return sizesJson(pictures);
    }
    return placeholder === NULL ? ofCard(json, at) : ofSelection(placeholder);
  };

  return {
    ready: (read) => {
      if (proxy === undefined || key !== undefined) {
        return undefined;
      }
      return read(async (db) => {
        const { rows } = await db.query<{ image_key: string }>(KEY);
        key = rows[0]?.image_key;
      });
    },
    key: loaded,
    upstream: (url, size) => sizes(url)[size],
    fill: (json, pictures) => {
      // From the end, which is near, and without the table that V8 makes to search forwards.
      const at = json.lastIndexOf(NAME) + NAME.length;
      if (at < NAME.length) {
        return json;
      }
      const placeholder = placeholderAt(json, at);
      return (
        json.slice(0, at) + sizesIn(json, at, placeholder, pictures) + json.slice(at + placeholder.length)
      );
    },
  };
}
