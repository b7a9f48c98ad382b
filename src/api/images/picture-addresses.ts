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
   * Fills `image_sizes` in a JSON object that has one of the values of {@link IMAGE_SIZES_SQL} there.
   *
   * @param pictures for `given`
   */
  fill(json: string, pictures?: StoredPictures): string;
}

/** The pictures of a listing, as stored. */
export interface StoredPictures {
  readonly innerId: string;
  readonly urls: readonly string[];
}

/** SQL of `image_sizes`, for {@link PictureAddresses.fill}. */
export const IMAGE_SIZES_SQL = {
  /** The pictures are read beside the object. */
  given: "null",
  /**
   * The picture is that of the member `image` before it, the listing that of `inner_id`. Reading `images` twice would take an
   * eighth of PostgreSQL's time for a page, because the column is stored out of line.
   */
  card: "null",
  /** Without other members: the listing's id and its first picture. */
  alone: "jsonb_build_array(inner_id, images -> 0)",
} as const;

/** In JSON a quote inside of a text is escaped, so only a member of the object itself matches. */
const NAME = '"image_sizes":';
const IMAGE = '"image":';
const NULL = "null";
/** The value of {@link IMAGE_SIZES_SQL.alone}, at a position. */
const ALONE = /\["(?:[^"\\]|\\.)*", (?:"(?:[^"\\]|\\.)*"|null)\]/y;

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

  const sizesJson = ({ innerId, urls }: StoredPictures): string =>
    JSON.stringify(
      urls.map((url, n) =>
        proxy === undefined ? sizes(url) : signedAddresses(proxy.baseUrl, innerId, url, n),
      ),
    );

  /** JSON of the addresses from a JSON text, which is not parsed: a page of 20 would take a tenth longer. */
  const plainJson = (text: string): string => {
    const { thumb, card, full } = sizes(text.slice(1, -1));
    return `[{"thumb":"${thumb}","card":"${card}","full":"${full}"}]`;
  };

  /** @param at position of the value of `image_sizes` */
  const cardJson = (json: string, at: number): string => {
    const image = json.slice(json.lastIndexOf(IMAGE, at) + IMAGE.length, at - NAME.length - 1);
    if (image === NULL) {
      return "[]";
    }
    return proxy === undefined
      ? plainJson(image)
      : sizesJson({ innerId: JSON.parse(json).inner_id, urls: [JSON.parse(image)] });
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
      ALONE.lastIndex = at;
      const alone = json.startsWith(NULL, at) ? undefined : ALONE.exec(json)?.[0];
      if (alone === undefined) {
        const filled = pictures === undefined ? cardJson(json, at) : sizesJson(pictures);
        return json.slice(0, at) + filled + json.slice(at + NULL.length);
      }
      const [innerId, url] = JSON.parse(alone) as [string, string | null];
      const filled = sizesJson({ innerId, urls: url === null ? [] : [url] });
      return json.slice(0, at) + filled + json.slice(at + alone.length);
    },
  };
}
