import { describe, expect, test } from "vitest";
import type { FetchPicture } from "../../../../src/api/images/fetch-picture.ts";
import { createPictureLoader } from "../../../../src/api/images/picture-loader.ts";

const url = (name: string) => `https://2sc2.autoimg.cn/escimg/${name}.jpg`;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const PNG = Buffer.from("\x89PNG\r\n\x1a\n....", "latin1");
const WEBP = Buffer.from("RIFF....WEBPVP8 ", "latin1");

async function* bodyOf(...pieces: Uint8Array[]) {
  yield* pieces;
}

/** Responds with the same bytes to every request. */
const always =
  (status: number, ...pieces: Uint8Array[]): FetchPicture =>
  async () => ({ status, body: bodyOf(...pieces) });

describe("a picture", () => {
  test.each([
    ["image/jpeg", JPEG],
    ["image/png", PNG],
    ["image/webp", WEBP],
  ])("has the type %s by its first bytes", async (type, bytes) => {
    expect(await createPictureLoader({ fetch: always(200, bytes) }).load(url("a"))).toEqual({ type, bytes });
  });

  test.each([
    ["a page", Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["SVG", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")],
    ["GIF", Buffer.from("GIF89a/*")],
    ["nothing", Buffer.alloc(0)],
  ])("that is %s is not served", async (_, bytes) => {
    const loader = createPictureLoader({ fetch: always(200, bytes) });
    await expect(loader.load(url("a"))).rejects.toMatchObject({ status: 502, code: "bad_gateway" });
  });

  test("that exceeds 5 MB is not read to its end", async () => {
    let sent = 0;
    async function* endless() {
      for (;;) {
        sent += 1;
        yield Buffer.alloc(1_048_576, 0xff);
      }
    }
    const loader = createPictureLoader({ fetch: async () => ({ status: 200, body: endless() }) });
    await expect(loader.load(url("a"))).rejects.toThrow("larger than 5242880 bytes");
    expect(sent).toBe(6);
  });

  test.each([301, 302, 307, 403, 404, 500])("with status %i is an error", async (status) => {
    const loader = createPictureLoader({ fetch: always(status, JPEG) });
    await expect(loader.load(url("a"))).rejects.toMatchObject({ status: 502 });
  });

  test("at a foreign address is not requested", async () => {
    let requests = 0;
    const fetch: FetchPicture = async () => {
      requests += 1;
      return { status: 200, body: bodyOf(JPEG) };
    };
    const loader = createPictureLoader({ fetch });
    for (const foreign of ["http://2sc2.autoimg.cn/a.jpg", "https://169.254.169.254/latest", "not a URL"]) {
      await expect(loader.load(foreign)).rejects.toMatchObject({ status: 502 });
    }
    expect(requests).toBe(0);
  });

  test("is requested with the address of the site as Referer, and a time limit", async () => {
    let options: Parameters<FetchPicture>[1] | undefined;
    const fetch: FetchPicture = async (_, given) => {
      options = given;
      return { status: 200, body: bodyOf(JPEG) };
    };
    await createPictureLoader({ fetch }).load(url("a"));
    expect(options?.headers.referer).toBe("https://www.che168.com/");
    expect(options?.signal).toBeInstanceOf(AbortSignal);
  });
});

describe("requests", () => {
  /** Responses that the test releases. */
  function held() {
    const open: { name: string; respond: (bytes?: Buffer) => void }[] = [];
    let max = 0;
    let running = 0;
    const fetch: FetchPicture = async ({ pathname }) => {
      running += 1;
      max = Math.max(max, running);
      const { promise, resolve } = Promise.withResolvers<Buffer>();
      open.push({ name: pathname, respond: (bytes = JPEG) => resolve(bytes) });
      const bytes = await promise;
      running -= 1;
      return { status: 200, body: bodyOf(bytes) };
    };
    return { fetch, open, max: () => max };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  test("are at most four at a time, in order of arrival", async () => {
    const { fetch, open, max } = held();
    const loader = createPictureLoader({ fetch });
    const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
    const loads = names.map((name) => loader.load(url(name)));
    for (let answered = 0; answered < names.length; answered += 1) {
      await settled();
      open[answered]?.respond();
    }
    await Promise.all(loads);
    expect(max()).toBe(4);
    expect(open.map(({ name }) => name)).toEqual(names.map((name) => `/escimg/${name}.jpg`));
  });

  test("beyond a hundred waiting ones get 503", async () => {
    const { fetch, open } = held();
    const loader = createPictureLoader({ fetch });
    const loads = Array.from({ length: 104 }, (_, index) => loader.load(url(`p${index}`)));
    await expect(loader.load(url("more"))).rejects.toMatchObject({ status: 503 });
    for (let answered = 0; answered < loads.length; answered += 1) {
      await settled();
      open[answered]?.respond();
    }
    await Promise.all(loads);
  });

  test("for one picture share one request", async () => {
    const { fetch, open } = held();
    const loader = createPictureLoader({ fetch });
    const loads = [loader.load(url("a")), loader.load(url("a")), loader.load(url("a"))];
    await settled();
    expect(open).toHaveLength(1);
    open[0]?.respond();
    await Promise.all(loads);
  });

  test("that failed are repeated only later, and free their place", async () => {
    let requests = 0;
    const fetch: FetchPicture = async () => {
      requests += 1;
      throw new Error("connect ECONNREFUSED");
    };
    const loader = createPictureLoader({ fetch });
    for (let times = 0; times < 3; times += 1) {
      await expect(loader.load(url("a"))).rejects.toThrow("could not be loaded");
    }
    expect(requests).toBe(1);
    for (let index = 0; index < 10; index += 1) {
      await expect(loader.load(url(`p${index}`))).rejects.toMatchObject({ status: 502 });
    }
    expect(requests).toBe(11);
  });
});
