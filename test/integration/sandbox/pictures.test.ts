import { expect, test } from "vitest";
import { catalogue, sandbox } from "../../support/sandbox/helpers.ts";

/** Width and height in the head of a picture. */
function sizeOf(type: string, bytes: Buffer): [number, number] {
  if (type === "image/png") {
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  }
  if (type === "image/webp") {
    const bits = bytes.readUInt32LE(21);
    return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
  }
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  return [bytes.readUInt16BE(frame + 7), bytes.readUInt16BE(frame + 5)];
}

/** The size of names without one, or with one that is out of range. */
const LARGE = [
  ["1024x768_", 1024, 768],
  ["9999x9999_", 1024, 768],
  ["", 1024, 768],
] as const;

const picture = async (url: string) => {
  const response = await fetch(url);
  const type = response.headers.get("content-type") ?? "";
  return { status: response.status, type, bytes: Buffer.from(await response.arrayBuffer()) };
};

test("the pictures of listings exist at their path, without a key, in the size and format of the name", async () => {
  const server = await sandbox({ offers: 20, apiKey: "secret" });
  const response = await fetch(`${server.baseUrl}/offers?page=1`, { headers: { "x-api-key": "secret" } });
  const { result } = (await response.json()) as { result: { data: { images: string | string[] } }[] };
  const { images } = result[0]?.data ?? { images: [] };
  const urls = typeof images === "string" ? (JSON.parse(images) as string[]) : images;
  const { pathname } = new URL(urls[0] ?? "");
  expect(pathname).toMatch(/^\/escimg\/.*\/1024x768_.*\.jpg\.webp$/);

  for (const [ending, type, signature] of [
    [".jpg.webp", "image/webp", "RIFF"],
    [".jpg", "image/jpeg", "\xff\xd8\xff"],
    [".png", "image/png", "\x89PNG"],
  ] as const) {
    for (const [name, width, height] of [
      ["400x300_0_q95_", 400, 300],
      ["33x17_", 33, 17],
      ...(ending === ".jpg.webp" ? LARGE : []),
    ] as const) {
      const path = pathname.replace("1024x768_", name).replace(".jpg.webp", ending);
      const { status, type: sent, bytes } = await picture(server.url + path);
      expect([path, status, sent]).toEqual([path, 200, type]);
      expect(bytes.toString("latin1", 0, 4).startsWith(signature)).toBe(true);
      expect(sizeOf(type, bytes)).toEqual([width, height]);
    }
  }
});

test("a picture never changes, and two pictures differ", async () => {
  const [first, second] = [await sandbox({ offers: 20 }), await sandbox({ offers: 20 })];
  const images = (await catalogue(first)).flatMap(({ data }) =>
    typeof data.images === "string" ? JSON.parse(data.images) : data.images,
  ) as string[];
  const [one, another] = images.slice(0, 2).map((url) => new URL(url).pathname.replace("1024x768", "64x48"));
  const [a, b, c] = await Promise.all(
    [first.url + one, second.url + one, first.url + another].map((url) => picture(url)),
  );
  expect(a?.bytes.equals(b?.bytes ?? Buffer.alloc(0))).toBe(true);
  expect(a?.bytes.equals(c?.bytes ?? Buffer.alloc(0))).toBe(false);
});

test("a picture of an unknown listing is drawn as well; other file types are 404", async () => {
  const server = await sandbox({ offers: 0 });
  expect((await picture(`${server.url}/escimg/auto/a/320x240_x.png`)).status).toBe(200);
  expect((await picture(`${server.url}/escimg/auto/a/320x240_x.svg`)).status).toBe(404);
});
