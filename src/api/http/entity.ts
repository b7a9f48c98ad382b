import { promisify } from "node:util";
import { constants, gzip, gzipSync } from "node:zlib";

/** A body that can be sent many times: encoded once, compressed once. */
export interface Entity {
  readonly type: string;
  readonly bytes: Buffer;
  /** Made when the first client asks for it. */
  gzipped?: Buffer | Promise<Buffer>;
}

/** Shorter ones are sent as they are: the headers cost more than compression saves. */
const MIN_COMPRESSED = 1_024;
/** Longer ones are compressed outside of the thread that answers. */
const LARGE = 65_536;
const FAST = { level: constants.Z_BEST_SPEED };
const gzipLater = promisify(gzip);

/** Where texts are encoded before it is known how many bytes they have. */
const SCRATCH = Buffer.allocUnsafeSlow(262_144);
/** A character of a string takes no more bytes of UTF-8. */
const MAX_BYTES = 3;

/**
 * The UTF-8 of texts, one behind the other. Each is encoded by itself and measured by that: what was joined before is
 * first made one string, then measured, then encoded, and takes two to seven times as long.
 */
export function encode(texts: readonly string[]): Buffer {
  let length = 0;
  for (const text of texts) {
    if (length + text.length * MAX_BYTES > SCRATCH.length) {
      return Buffer.from(texts.join(""));
    }
    length += SCRATCH.write(text, length);
  }
  return Buffer.from(SCRATCH.subarray(0, length));
}

export const entityOf = (body: string | Buffer, type: string): Entity => ({
  type,
  bytes: typeof body === "string" ? encode([body]) : body,
});

/** @param texts the JSON, in one piece or in several */
export const jsonEntity = (...texts: readonly string[]): Entity =>
  entityOf(encode(texts), "application/json");

/** Bytes that an entity keeps in memory. */
export function sizeOf({ bytes, gzipped }: Entity): number {
  return bytes.length + (Buffer.isBuffer(gzipped) ? gzipped.length : 0);
}

export const isCompressible = ({ bytes }: Entity): boolean => bytes.length >= MIN_COMPRESSED;

/** Whether the client takes gzip (RFC 9110 §12.5.3); a coding with q=0 is refused. */
export function acceptsGzip(header: string | null): boolean {
  if (header === null || !/gzip/i.test(header)) {
    return false;
  }
  return header.split(",").some((part) => {
    const [coding, ...parameters] = part.split(";").map((one) => one.trim().toLowerCase());
    return coding === "gzip" && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
  });
}

/** The compressed body; `onMade` is called when this call made it. */
export function gzippedOf(entity: Entity, onMade: () => void): Buffer | Promise<Buffer> {
  if (entity.gzipped === undefined) {
    if (entity.bytes.length < LARGE) {
      entity.gzipped = gzipSync(entity.bytes, FAST);
      onMade();
    } else {
      entity.gzipped = gzipLater(entity.bytes, FAST).then((made) => {
        entity.gzipped = made;
        onMade();
        return made;
      });
    }
  }
  return entity.gzipped;
}
