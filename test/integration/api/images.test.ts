import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createPictureFetch } from "../../../src/api/images/fetch-picture.ts";
import { createApiHandler } from "../../../src/index.ts";
import { createNormalizer } from "../../../src/normalizer/index.ts";
import { createTokens } from "../../../src/tokens/index.ts";
import { openApi } from "../../support/api/api.ts";
import { onEachDatabase } from "../../support/database/databases.ts";

const FIRST = "https://2sc2.autoimg.cn/escimg/auto/g32/M08/6A/D4/1024x768_c42_autohomecar__A.jpg.webp";
const SECOND = "https://2sc2.autoimg.cn/escimg/auto/g1/b.jpg";
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(5_000, 1)]);

async function* body() {
  yield JPEG;
}

onEachDatabase("pictures", ({ database }) => {
  /** An API with the listing 53/1, and the addresses that were requested from the CDN. */
  const open = async (options: Parameters<typeof openApi>[1] = {}) => {
    const data = JSON.stringify({ mark: "宝马", model: "X5", price: "98000", images: [FIRST, SECOND] });
    await database().query(
      `insert into raw_data (inner_id, change_type, created_at, data, source)
       values ('53/1', 'added', now(), $1::text::jsonb, 'initial_load'),
              ('2', 'added', now() - interval '1 day', '{"mark": "宝马", "model": "X5", "price": "98000"}', 'initial_load')`,
      [data],
    );
    await createNormalizer({ database: database() }).run();
    const requested: string[] = [];
    const api = await openApi(database(), options, {
      fetchPicture: async ({ href }) => {
        requested.push(href);
        return { status: 200, body: body() };
      },
    });
    return { ...api, requested };
  };
  /** Requests without a token. */
  const asBrowser = ({ app }: Awaited<ReturnType<typeof open>>, path: string, headers = {}) =>
    app.request(path, { headers });

  test("have addresses in three sizes; the list has the first picture's", async () => {
    const api = await open();
    const small = (size: string) => FIRST.replace("1024x768", size);
    const first = { thumb: small("240x180"), card: small("480x360"), full: FIRST };
    const { body: listing } = await api.ask("/offers/53%2F1?lang=ru");
    expect(listing.images).toEqual([FIRST, SECOND]);
    expect(listing.image_sizes).toEqual([first, { thumb: SECOND, card: SECOND, full: SECOND }]);
    const { body: page } = await api.ask("/offers");
    expect(page.result.map(({ image_sizes }: { image_sizes: unknown }) => image_sizes)).toEqual([
      [first],
      [],
    ]);
    expect((await api.ask("/images/53%2F1/0")).status).toBe(404);
  });

  test("have the stored address in every size when that is configured", async () => {
    const api = await open({ imageSizes: false });
    const { body: page } = await api.ask("/offers?limit=1");
    expect(page.result[0].image_sizes).toEqual([{ thumb: FIRST, card: FIRST, full: FIRST }]);
  });

  test("served by the API have signed addresses, which work without a token and are kept by browsers", async () => {
    const api = await open({ images: true, imageBaseUrl: "/catalogue/" });
    const { body: listing } = await api.ask("/offers/53%2F1");
    const { thumb, full } = listing.image_sizes[0];
    expect(thumb).toMatch(/^\/catalogue\/images\/53%2F1\/0\?size=thumb&v=[\w-]{12}&sig=[\w-]{22}$/);
    const picture = await asBrowser(api, thumb.slice("/catalogue".length), { "accept-encoding": "gzip" });
    expect(picture.status).toBe(200);
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(JPEG);
    expect(Object.fromEntries(picture.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
    expect(picture.headers.get("content-encoding")).toBeNull();
    await asBrowser(api, full.slice("/catalogue".length));
    expect(api.requested).toEqual([FIRST.replace("1024x768", "240x180"), FIRST]);
    const again = await asBrowser(api, thumb.slice("/catalogue".length), {
      "if-none-match": picture.headers.get("etag"),
    });
    expect(again.status).toBe(304);
    expect(api.requested).toHaveLength(2);
  });

  test("without a valid signature need a token", async () => {
    const api = await open({ images: true });
    const { body: listing } = await api.ask("/offers/53%2F1");
    const [path, other] = listing.image_sizes.map(({ card }: { card: string }) => card);
    const forged = [
      "/images/53%2F1/0",
      path.replace("size=card", "size=full"),
      path.replace("/0?", "/1?"),
      path.replace("53%2F1", "2"),
      path.replace(/v=[\w-]+/, "v=AAAAAAAAAAAA"),
      path.replace(/sig=.+/, other.slice(other.indexOf("sig="))),
      path.replace(/sig=.+/, "sig="),
      path.replace(/&sig=.+/, ""),
    ];
    for (const address of forged) {
      expect((await asBrowser(api, address)).status, address).toBe(401);
    }
    expect(api.requested).toEqual([]);
    const { status, headers } = await api.ask("/images/53%2F1/0?size=thumb");
    expect([status, headers.get("cache-control")]).toEqual([200, "private, max-age=300"]);
  });

  test("of unknown listings and positions are not found; unknown sizes are refused by name", async () => {
    const api = await open({ images: true });
    for (const path of [
      "/images/53%2F1/2",
      "/images/2/0",
      "/images/9/0",
      "/images/53%2F1/x",
      "/images/a%00/0",
    ]) {
      expect((await api.ask(path)).status, path).toBe(404);
    }
    const { status, body: problem } = await api.ask("/images/53%2F1/0?size=huge");
    expect([status, problem.detail]).toEqual([400, expect.stringContaining("size must be")]);
    expect(api.requested).toEqual([]);
  });

  test("have the same signature in every serving process: the key is in the database", async () => {
    const api = await open({ images: true });
    const addressOf = async () => (await api.ask("/offers/53%2F1")).body.image_sizes[0].card;
    const tokens = createTokens({ database: database() });
    const second = createApiHandler({ database: database(), tokens, options: { images: true } });
    const response = await second.request("/offers/53%2F1", { headers: { "x-api-key": api.token } });
    const [picture] = ((await response.json()) as { image_sizes: { card: string }[] }).image_sizes;
    expect(picture?.card).toBe(await addressOf());
    const { rows } = await database().query<{ image_key: string }>("select image_key from data_version");
    expect(rows[0]?.image_key).toMatch(/^[\da-f-]{36}$/);
  });

  test("that the host does not have are a 502, and the signature is not logged", async () => {
    const tokens = createTokens({ database: database() });
    await open();
    const api = await openApi(
      database(),
      { images: true },
      { fetchPicture: async () => ({ status: 404, body: null }) },
    );
    const { body: listing } = await api.ask("/offers/53%2F1");
    const response = await api.app.request(listing.image_sizes[0].card);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "bad_gateway" });
    expect(api.lines.join("\n")).toContain("/images/53%2F1/0");
    expect(api.lines.join("\n")).not.toMatch(/sig=/);
    await tokens.close();
  });
});

test("the connection of a picture is made to the checked address only, and follows no redirect", async () => {
  const tls = new URL("../../support/postgres/tls/", import.meta.url);
  const cert = await readFile(new URL("server.crt", tls));
  let requests = 0;
  const server = createServer({ cert, key: await readFile(new URL("server.key", tls)) }, (_, response) => {
    requests += 1;
    response.writeHead(302, { location: "https://169.254.169.254/latest/meta-data" }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const url = new URL(`https://localhost:${port}/a.jpg`);
  const options = { headers: {}, signal: AbortSignal.timeout(10_000) };

  await expect(createPictureFetch({ ca: cert })(url, options)).rejects.toThrow("has no public address");
  expect(requests).toBe(0);

  const { status, body: redirect } = await createPictureFetch({
    ca: cert,
    lookup: (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]),
  })(url, options);
  for await (const _ of redirect ?? []) {
    // Reads the body to its end.
  }
  expect([status, requests]).toEqual([302, 1]);
});
