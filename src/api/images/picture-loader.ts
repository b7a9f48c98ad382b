import { LRUCache } from "lru-cache";
import { Problem } from "../http/problem.ts";
import { type FetchPicture, isPictureAddress, type PictureResponse } from "./fetch-picture.ts";
import { type Picture, pictureTypeOf } from "./picture.ts";

/** Loads pictures: few at a time, each address once for all waiting requests. */
export interface PictureLoader {
  /** @throws Problem 502 when the host has no usable picture, 503 when too many requests are waiting */
  load(url: string): Promise<Picture>;
}

const MAX_BYTES = 5_242_880;
const MAX_CONCURRENT = 4;
const MAX_WAITING = 100;
/** For the response including its body. */
const TIMEOUT_MS = 10_000;
/** The CDN refuses requests that do not come from a page of the site. */
const HEADERS = { referer: "https://www.che168.com/", accept: "image/webp,image/jpeg,image/png" };

/** How long a failure is remembered: a missing picture stays missing, other failures pass. */
const MISSING_MS = 3_600_000;
const FAILED_MS = 30_000;
const MAX_FAILURES = 10_000;
const MISSING: ReadonlySet<number> = new Set([404, 410]);

/** A failure that is remembered. */
class PictureFailure extends Error {
  readonly rememberMs: number;

  constructor(message: string, options: { rememberMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.rememberMs = options.rememberMs ?? FAILED_MS;
  }
}

async function readBody(body: PictureResponse["body"]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > MAX_BYTES) {
      // Leaving the loop destroys the stream, and with it the connection.
      throw new PictureFailure(`is larger than ${MAX_BYTES} bytes`, { rememberMs: MISSING_MS });
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function discard(body: PictureResponse["body"]): Promise<void> {
  for await (const _ of body ?? []) {
    break;
  }
}

/** @param options.fetch makes the requests; the limits of this module apply to any */
export function createPictureLoader({ fetch }: { readonly fetch: FetchPicture }): PictureLoader {
  const loading = new Map<string, Promise<Picture>>();
  const failures = new LRUCache<string, PictureFailure>({ max: MAX_FAILURES });
  const waiting: (() => void)[] = [];
  let running = 0;

  const request = async (address: string): Promise<Picture> => {
    const url = URL.parse(address);
    if (url === null || !isPictureAddress(url)) {
      throw new PictureFailure("is not at an address that pictures are loaded from", {
        rememberMs: MISSING_MS,
      });
    }
    const { status, body } = await fetch(url, { headers: HEADERS, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (status !== 200) {
      await discard(body);
      throw new PictureFailure(`was answered with status ${status}`, {
        rememberMs: MISSING.has(status) ? MISSING_MS : FAILED_MS,
      });
    }
    const bytes = await readBody(body);
    const type = pictureTypeOf(bytes);
    if (type === undefined) {
      throw new PictureFailure("is neither JPEG, PNG nor WebP");
    }
    return { type, bytes };
  };

  /** Takes one of the places, in order of arrival. */
  const enter = async (): Promise<void> => {
    if (running < MAX_CONCURRENT) {
      running += 1;
      return;
    }
    if (waiting.length >= MAX_WAITING) {
      throw Problem.unavailable("Too many pictures are being loaded; try again shortly.", 1);
    }
    // The place is passed on, so that the count never drops in between.
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) {
      running -= 1;
    } else {
      next();
    }
  };

  const load = async (address: string): Promise<Picture> => {
    await enter();
    try {
      return await request(address);
    } catch (cause) {
      const failure =
        cause instanceof PictureFailure ? cause : new PictureFailure("could not be loaded", { cause });
      failures.set(address, failure, { ttl: failure.rememberMs });
      throw failure;
    } finally {
      leave();
    }
  };

  return {
    load: async (address) => {
      try {
        const failure = failures.get(address);
        if (failure !== undefined) {
          throw failure;
        }
        let picture = loading.get(address);
        if (picture === undefined) {
          picture = load(address).finally(() => loading.delete(address));
          loading.set(address, picture);
        }
        return await picture;
      } catch (error) {
        throw error instanceof PictureFailure
          ? Problem.badGateway(`The picture ${error.message}.`, error)
          : error;
      }
    },
  };
}
