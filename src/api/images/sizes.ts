/** Sizes of a picture, smallest first. `full` is the address as stored. */
export const SIZES = ["thumb", "card", "full"] as const;
export type ImageSize = (typeof SIZES)[number];

/** Addresses of one picture by size. */
export type ImageAddresses = Readonly<Record<ImageSize, string>>;

/** Widths of the CDN's own previews of used cars, which are 4:3. */
const WIDTHS = { thumb: 240, card: 480 } as const;

/** The size part of a file name: `1024x768` in `1024x768_c42_autohomecar__ABC.jpg.webp`, `900x0` in `f_900x0_0_q87_…`. */
const SIZE_PART = /(?<=\/(?:f_)?)(\d{2,4})x(\d{1,4})(?=(?:_[a-z\d]+)*_autohomecar__[^/]+$)/;

/**
 * The address of a picture in another size. The CDN scales to the size that the file name states; an address without
 * that part, or of a picture that is not larger, is returned unchanged. Pure.
 */
export function resized(url: string, size: ImageSize): string {
  if (size === "full") {
    return url;
  }
  const [part, width, height] = SIZE_PART.exec(url) ?? [];
  const wanted = WIDTHS[size];
  if (part === undefined || Number(width) <= wanted) {
    return url;
  }
  // Height 0 leaves the ratio to the CDN.
  const scaled = Math.round((wanted * Number(height)) / Number(width));
  return url.replace(SIZE_PART, `${wanted}x${scaled}`);
}
