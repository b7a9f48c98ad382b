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
  /** Replaces the listing's id and addresses, as {@link imageSizesSql} selects them, by the addresses in every size. */
  fill(offer: string): string;
}

/** SQL of `image_sizes`: the listing's id, then its addresses; {@link PictureAddresses.fill} replaces them. */
export const imageSizesSql = {
  all: "jsonb_build_array(inner_id) || coalesce(images, '[]')",
  first: "jsonb_build_array(inner_id, images -> 0)",
} as const;

/** In JSON a quote inside of a text is escaped, so only a member of the listing itself matches. */
const NAME = '"image_sizes":';
/** A JSON string. */
const TEXT = '"(?:[^"\\\\]|\\\\.)*"';
/** The value of `image_sizes` at a position: the listing's id, then addresses. */
const LIST = new RegExp(`\\[${TEXT}(?:, (?:${TEXT}|null))*\\]`, "y");
const TEXTS = new RegExp(TEXT, "g");

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

  /** JSON of the addresses, from JSON texts: these are not parsed, because a list of 20 would take a fifth longer. */
  const plainSizes = (texts: readonly string[]): string =>
    texts
      .map((text) => {
        const { thumb, card, full } = sizes(text.slice(1, -1));
        return `{"thumb":"${thumb}","card":"${card}","full":"${full}"}`;
      })
      .join(",");
  const signedSizes = (baseUrl: string, innerId: string, texts: readonly string[]): string =>
    texts.map((text, n) => JSON.stringify(signedAddresses(baseUrl, innerId, JSON.parse(text), n))).join(",");

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
    fill: (offer) => {
      const at = offer.indexOf(NAME) + NAME.length;
      LIST.lastIndex = at;
      const list = at < NAME.length ? undefined : LIST.exec(offer)?.[0];
      if (list === undefined) {
        return offer;
      }
      const [innerId = "", ...urls] = list.match(TEXTS) ?? [];
      const filled =
        proxy === undefined ? plainSizes(urls) : signedSizes(proxy.baseUrl, JSON.parse(innerId), urls);
      return `${offer.slice(0, at)}[${filled}]${offer.slice(at + list.length)}`;
    },
  };
}
