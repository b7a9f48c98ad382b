/** Sizes of a picture, smallest first. `full` is the address as stored. */
export const SIZES = ["thumb", "card", "full"] as const;
export type ImageSize = (typeof SIZES)[number];

/** Addresses of one picture by size. */
export type ImageAddresses = Readonly<Record<ImageSize, string>>;

/** Widths of the CDN's own previews of used cars, which are 4:3. */
const WIDTHS = { thumb: 240, card: 480 } as const;

/** A file name with its size part: `1024x768_c42_autohomecar__ABC.jpg.webp`, `f_900x0_0_q87_autohomecar__ABC.jpg`. */
const FILE_NAME = /^(f_)?(\d{2,4})x(\d{1,4})((?:_[a-z\d]+)*_autohomecar__.+)$/;

/**
 * The addresses of a picture in every size. The CDN scales to the size that the file name states; an address without that part,
 * or of a picture that is not larger, is returned unchanged. Pure.
 *
 * @param url a text without characters that need to be escaped is also returned as such: it may be the content of a JSON string
 */
export function sizesOf(url: string): ImageAddresses {
  const nameAt = url.lastIndexOf("/") + 1;
  const parts = nameAt === 0 ? null : FILE_NAME.exec(url.slice(nameAt));
  if (parts === null) {
    return { thumb: url, card: url, full: url };
  }
  const [, prefix = "", width, height, rest] = parts;
  const start = url.slice(0, nameAt) + prefix;
  const scaledTo = (wanted: number): string => {
    if (Number(width) <= wanted) {
      return url;
    }
    // Height 0 leaves the ratio to the CDN.
    return `${start}${wanted}x${Math.round((wanted * Number(height)) / Number(width))}${rest}`;
  };
  return { thumb: scaledTo(WIDTHS.thumb), card: scaledTo(WIDTHS.card), full: url };
}
